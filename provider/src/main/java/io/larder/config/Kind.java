package io.larder.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What values a key takes: the type, and the range within it. */
sealed interface Kind {

  /** A kind whose value is one, not an object of further keys. */
  sealed interface Scalar extends Kind {

    /** The value in its own type, or what is wrong with it. */
    Checked check(Object raw);

    /** What a value must be, as a message and the documentation say it. */
    String rule();

    /** Text from a variable or property as the value it stands for; itself where it is none. */
    default Object fromText(String text) {
      return text.strip();
    }
  }

  /** The outcome of a check: one of the two is there. */
  record Checked(@Nullable Object value, @Nullable String broken) {
    static Checked of(Object value) {
      return new Checked(value, null);
    }

    static Checked broken(String rule) {
      return new Checked(null, rule);
    }
  }

  /** A whole number; checked values are {@code Long}. */
  record Whole(long least, long most, String unit) implements Scalar {
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,1000}");

    @Override
    public Checked check(Object raw) {
      boolean good = raw instanceof Long number && number >= least && number <= most;
      return good ? Checked.of(raw) : Checked.broken("must be " + rule());
    }

    @Override
    public String rule() {
      return "a whole number from " + least + " to " + most + " (" + unit + ")";
    }

    @Override
    public Object fromText(String text) {
      String number = text.strip();
      return DIGITS.matcher(number).matches() ? JsonText.whole(number) : number;
    }
  }

  /** A number from 0 to 1; checked values are {@code Double}. */
  record Ratio() implements Scalar {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,20}(\\.[0-9]{1,20})?");

    @Override
    public Checked check(Object raw) {
      BigDecimal number = raw instanceof Long whole
          ? BigDecimal.valueOf(whole)
          : raw instanceof BigDecimal decimal ? decimal : null;
      boolean good =
          number != null && number.signum() >= 0 && number.compareTo(BigDecimal.ONE) <= 0;
      return good && number != null
          ? Checked.of(number.doubleValue())
          : Checked.broken("must be " + rule());
    }

    @Override
    public String rule() {
      return "a number from 0 to 1";
    }

    @Override
    public Object fromText(String text) {
      String number = text.strip();
      return DIGITS.matcher(number).matches() ? new BigDecimal(number) : number;
    }
  }

  /** Yes or no; checked values are {@code Boolean}. */
  record Flag() implements Scalar {
    private static final Set<String> YES = Set.of("true", "1", "yes", "on");
    private static final Set<String> NO = Set.of("false", "0", "no", "off");

    @Override
    public Checked check(Object raw) {
      return raw instanceof Boolean ? Checked.of(raw) : Checked.broken("must be " + rule());
    }

    @Override
    public String rule() {
      return "true or false";
    }

    @Override
    public Object fromText(String text) {
      String word = text.strip().toLowerCase(Locale.ROOT);
      if (YES.contains(word)) {
        return true;
      }
      return NO.contains(word) ? (Object) false : text.strip();
    }
  }

  /** One of some words, whatever their case; checked values are the words as listed. */
  record Choice(List<String> words) implements Scalar {
    @Override
    public Checked check(Object raw) {
      return words.stream()
          .filter(word -> raw instanceof String text && word.equalsIgnoreCase(text))
          .findFirst()
          .map(Checked::of)
          .orElseGet(() -> Checked.broken("must be " + rule()));
    }

    @Override
    public String rule() {
      return "one of " + String.join(", ", words);
    }
  }

  /** Text of a form; checked values are {@code String}. */
  record Text(Pattern form, String rule) implements Scalar {
    @Override
    public Checked check(Object raw) {
      return raw instanceof String text && form.matcher(text).matches()
          ? Checked.of(text)
          : Checked.broken("must be " + rule);
    }
  }

  /** Text that is never shown; checked values are {@link Secret}. */
  record Hidden() implements Scalar {
    @Override
    public Checked check(Object raw) {
      return raw instanceof String text && !text.isBlank()
          ? Checked.of(new Secret(text))
          : Checked.broken("must be " + rule());
    }

    @Override
    public String rule() {
      return "text that is not blank";
    }

    @Override
    public Object fromText(String text) {
      return text;
    }
  }

  /** A Redis URL; checked values are {@link RedisUrl}. */
  record Url() implements Scalar {
    @Override
    public Checked check(Object raw) {
      if (!(raw instanceof String text)) {
        return Checked.broken("must be " + rule());
      }
      try {
        return Checked.of(RedisUrl.parse(text));
      } catch (RedisUrl.MalformedException e) {
        return Checked.broken(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public String rule() {
      return "a URL redis:// or rediss:// with a host";
    }
  }

  /** A list of class name patterns; checked values are {@code List<String>}. */
  record Classes() implements Scalar {
    private static final Pattern FORM = Pattern.compile(
        "[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*(\\.\\*{1,2})?");

    @Override
    public Checked check(Object raw) {
      if (!(raw instanceof List<?> list)) {
        return Checked.broken("must be " + rule());
      }
      List<String> names = new ArrayList<>();
      for (Object entry : list) {
        if (!(entry instanceof String name) || !FORM.matcher(name).matches()) {
          return Checked.broken("must be " + rule() + ", which " + Masks.value(entry) + " is not");
        }
        names.add(name);
      }
      return Checked.of(List.copyOf(names));
    }

    @Override
    public String rule() {
      return "a list of class names, package.* or package.**";
    }

    @Override
    public Object fromText(String text) {
      if (text.isBlank()) {
        return List.of();
      }
      List<Object> names = new ArrayList<>();
      for (String name : text.split(",", -1)) {
        names.add(name.strip());
      }
      return names;
    }
  }

  /** An object of known keys. */
  record Group(Map<String, Key> keys, Map<String, String> aliases) implements Kind {
    static Group of(Key... keys) {
      Map<String, Key> byName = new LinkedHashMap<>();
      for (Key key : keys) {
        byName.put(key.name(), key);
      }
      return new Group(byName, Map.of());
    }

    /** The key of that name or alias. */
    @Nullable
    Key find(String name) {
      return keys.get(aliases.getOrDefault(name, name));
    }

    /** Names and aliases. */
    Set<String> names() {
      Set<String> names = keys.keySet().stream().collect(Collectors.toSet());
      names.addAll(aliases.keySet());
      return names;
    }
  }

  /** An object whose names are the user's, all values of one kind. */
  record Named(Key each) implements Kind {}

  /** A setting's name and kind. */
  record Key(String name, Kind kind) {}
}
