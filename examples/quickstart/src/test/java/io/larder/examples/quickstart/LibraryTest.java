package io.larder.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibraryTest {

  @TempDir
  Path folder;

  @Test
  void aFolderGivesItsTextsInOrderAndAllOfThemTogether() throws Exception {
    write("b.txt", "two");
    write("a/c.txt", "one");
    write(".git/x.txt", "hidden");
    write("target/y.txt", "built");
    Library library = Library.of(folder);
    assertThat(library.documents())
        .extracting(Document::name, Document::text)
        .containsExactly(
            tuple(Path.of("a", "c.txt").toString(), "one"),
            tuple("b.txt", "two"),
            tuple("all 2 documents", "one\n\ntwo"));
    assertThat(library.notes()).isEmpty();
  }

  @Test
  void binariesAreSkippedAndSaidSo() throws Exception {
    write("a.txt", "text");
    Files.write(folder.resolve("b.png"), new byte[] {1, 0, 2});
    Library library = Library.of(folder);
    assertThat(names(library)).containsExactly("a.txt");
    assertThat(library.notes()).containsExactly("1 skipped, not text: b.png");
  }

  @Test
  void bytesThatAreNotUtf8AreReplacedAndSaidSo() throws Exception {
    Files.write(
        folder.resolve("latin.txt"), "caf\u00e9 au l\u00e0".getBytes(StandardCharsets.ISO_8859_1));
    Library library = Library.of(folder.resolve("latin.txt"));
    assertThat(library.documents())
        .extracting(Document::text)
        .containsExactly("caf\ufffd au l\ufffd");
    assertThat(library.notes()).containsExactly("latin.txt: not UTF-8 in 2 places, each replaced");
  }

  @Test
  void aLargeFileIsCutAtAWholeCharacterAndSaidSo() throws Exception {
    write("big.txt", "a" + "\u00e9".repeat(Library.FILE_BYTES));
    Library library = Library.of(folder.resolve("big.txt"));
    assertThat(library.documents().get(0).text())
        .isEqualTo("a" + "\u00e9".repeat((Library.FILE_BYTES - 1) / 2));
    assertThat(library.notes()).containsExactly("big.txt: the first 1,048,575 of 2,097,153 bytes");
  }

  @Test
  void noMoreThanTheBoundIsReadInAll() throws Exception {
    for (int i = 0; i < 6; i++) {
      write("f" + i, "x".repeat(Library.FILE_BYTES));
    }
    Library library = Library.of(folder);
    assertThat(names(library)).containsExactly("f0", "f1", "f2", "f3", "all 4 documents");
    assertThat(library.notes())
        .containsExactly("2 files left out: 100 files or 4,194,304 bytes are enough");
  }

  @Test
  void anEmptyFileIsADocument() throws Exception {
    write("empty", "");
    assertThat(Library.of(folder).documents()).containsExactly(Document.of("empty", ""));
  }

  @Test
  void markdownLeavesItsCodeOut() throws Exception {
    write("a.md", "Before.\n```java\ncode();\n```\nBetween.\n~~~\nmore\n~~~\nAfter.\n");
    write("b.txt", "not Markdown");
    assertThat(Library.ofMarkdown(folder).documents())
        .extracting(Document::text)
        .containsExactly("Before.\n\nBetween.\n\nAfter.\n");
  }

  @Test
  void codeThatIsNeverClosedGoesToTheEnd() throws Exception {
    write("a.md", "Before.\n```\ncode();\nmore\n");
    assertThat(Library.of(folder).documents())
        .extracting(Document::text)
        .containsExactly("Before.\n");
  }

  @Test
  void aMissingPathIsNamed() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Library.of(missing))
        .isInstanceOf(Library.NoTextException.class)
        .hasMessage("'" + missing + "' does not exist; give a text file or a folder of them");
  }

  @Test
  void aFolderWithoutTextIsNamed() throws Exception {
    Files.write(folder.resolve("b.png"), new byte[] {0});
    assertThatThrownBy(() -> Library.of(folder))
        .isInstanceOf(Library.NoTextException.class)
        .hasMessage("'" + folder + "' holds no text (1 skipped, not text: b.png)");
  }

  @Test
  void aChangedTextIsANewQuestionAndANewNameIsNot() {
    assertThat(Document.of("a", "text").digest())
        .isEqualTo(Document.of("b", "text").digest());
    assertThat(Document.of("a", "text").digest())
        .isNotEqualTo(Document.of("a", "text.").digest());
  }

  private static List<String> names(Library library) {
    return library.documents().stream().map(Document::name).toList();
  }

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
