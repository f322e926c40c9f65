package io.larder.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * What one run of the TCK reported.
 *
 * @param tests tests run; the TCK counts one that it excludes itself as run and passed
 * @param excluded tests that the TCK excluded itself
 */
record TckResults(int tests, int failures, int errors, int skipped, int excluded) {

  private static final String EXCLUSION = "===== EXCLUDING TEST";

  /** Sums up the reports in a directory: {@code TEST-*.xml}, and the tests' output beside them. */
  static TckResults in(Path reports) throws IOException {
    int tests = 0;
    int failures = 0;
    int errors = 0;
    int skipped = 0;
    for (Path report : files(reports, "TEST-*.xml")) {
      Element suite = suite(report);
      tests += Integer.parseInt(suite.getAttribute("tests"));
      failures += Integer.parseInt(suite.getAttribute("failures"));
      errors += Integer.parseInt(suite.getAttribute("errors"));
      skipped += Integer.parseInt(suite.getAttribute("skipped"));
    }
    int excluded = 0;
    for (Path output : files(reports, "*-output.txt")) {
      try (Stream<String> lines = Files.lines(output)) {
        excluded += (int) lines.filter(line -> line.contains(EXCLUSION)).count();
      }
    }
    return new TckResults(tests, failures, errors, skipped, excluded);
  }

  private static List<Path> files(Path directory, String glob) throws IOException {
    var matcher = directory.getFileSystem().getPathMatcher("glob:" + glob);
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> matcher.matches(file.getFileName())).toList();
    }
  }

  private static Element suite(Path report) throws IOException {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(report.toFile())
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("Not a test report: " + report, e);
    }
  }
}
