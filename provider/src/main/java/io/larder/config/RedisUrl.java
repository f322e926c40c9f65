package io.larder.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A well-formed Redis URL, taken apart.
 *
 * <p>Form: {@code redis[s]://[user[:password]@]host[:port][,host[:port]...][/database][?options]}.
 * Several hosts are nodes of a cluster; with the option {@code sentinel_master=name} they are
 * sentinels.
 *
 * @param hosts {@code host:port}
 * @param databaseNamed whether the URL says which database
 * @param options {@code max_connections} and the like, in the types of their keys
 * @param masked the URL with its password masked
 */
record RedisUrl(
    boolean tls,
    List<String> hosts,
    Optional<String> username,
    Optional<Secret> password,
    int database,
    boolean databaseNamed,
    Topology topology,
    Optional<String> sentinelMaster,
    Map<String, Long> options,
    String masked) {

  private static final int PORT = 6379;
  private static final int SENTINEL_PORT = 26379;
  static final int MOST_DATABASES = 65_535;
  private static final Pattern FORM =
      Pattern.compile("(?i)(rediss?)://([^/?#]*)(?:/([^?#]*))?(?:\\?([^#]*))?");
  private static final Pattern HOST = Pattern.compile(
      "(\\[[0-9A-Fa-f:.]{2,45}(?:%[0-9A-Za-z._-]{1,32})?]|[A-Za-z0-9_][A-Za-z0-9._-]{0,252})"
          + "(?::([0-9]{1,5}))?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern WORD = Pattern.compile("[a-z_]{1,40}");
  private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final String CLUSTER = "cluster";
  private static final String SENTINEL = "sentinel_master";
  private static final String DATABASE = "db";

  /** Says which rule a URL breaks; the message quotes nothing of it that could be a secret. */
  static final class MalformedException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  static RedisUrl parse(String text) throws MalformedException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new MalformedException("must be a URL redis:// or rediss:// with a host"
          + " (percent-encode / ? # @ and % within a password)");
    }
    boolean tls = form.group(1).length() > "redis".length();
    String authority = form.group(2);
    int at = authority.lastIndexOf('@');
    User user = at < 0 ? User.NONE : user(authority.substring(0, at));
    Query query = Query.parse(form.group(4));
    List<String> hosts =
        hosts(authority.substring(at + 1), query.master().isPresent() ? SENTINEL_PORT : PORT);
    Topology topology = query.topology(hosts.size());
    int database = database(form.group(3), query.database());
    if (topology == Topology.CLUSTER && database != 0) {
      throw new MalformedException("must name no database but 0: a cluster has no other");
    }
    String who = at < 0 ? "" : user.masked() + "@";
    String masked = form.group(1) + "://" + who + text.substring(form.start(2) + at + 1);
    return new RedisUrl(
        tls,
        hosts,
        user.name(),
        user.password(),
        database,
        hasText(form.group(3)) || query.database() != null,
        topology,
        query.master(),
        query.settings(),
        masked);
  }

  private static boolean hasText(@Nullable String text) {
    return text != null && !text.isEmpty();
  }

  /** The same URL with a database, if it names none and Redis has more than one. */
  RedisUrl inDatabase(int number) {
    if (databaseNamed || topology == Topology.CLUSTER) {
      return this;
    }
    int query = masked.indexOf('?');
    String head = query < 0 ? masked : masked.substring(0, query);
    String tail = query < 0 ? "" : masked.substring(query);
    String path = (head.endsWith("/") ? "" : "/") + number;
    return new RedisUrl(
        tls,
        hosts,
        username,
        password,
        number,
        true,
        topology,
        sentinelMaster,
        options,
        head + path + tail);
  }

  /** The URL without user, password, and the options that are keys of their own. */
  String bare() {
    boolean path = database != 0 || (databaseNamed && topology != Topology.CLUSTER);
    return form(tls, "", path ? "/" + database : "");
  }

  /**
   * How messages show where a client is connected to: of all URLs and keys that mean the same the
   * same text.
   */
  String shown(boolean useTls, Optional<String> user, boolean secret) {
    String who = secret ? user.orElse("") + ":" + Secret.MASK + "@" : "";
    return form(useTls, who, database == 0 ? "" : "/" + database);
  }

  private String form(boolean useTls, String who, String path) {
    String option = sentinelMaster
        .map(master -> "?" + SENTINEL + "=" + master)
        .orElse(topology == Topology.CLUSTER && hosts.size() == 1 ? "?" + CLUSTER + "=true" : "");
    return (useTls ? "rediss://" : "redis://") + who + String.join(",", hosts) + path + option;
  }

  private record User(Optional<String> name, Optional<Secret> password) {
    static final User NONE = new User(Optional.empty(), Optional.empty());

    /** A lone user may be a password in the wrong place: it is masked, too. */
    String masked() {
      return password.isEmpty() ? Secret.MASK : name.orElse("") + ":" + Secret.MASK;
    }
  }

  private static User user(String info) throws MalformedException {
    int colon = info.indexOf(':');
    String name = decode(colon < 0 ? info : info.substring(0, colon));
    if (colon < 0) {
      return new User(given(name), Optional.empty());
    }
    String password = decode(info.substring(colon + 1));
    return new User(given(name), given(password).map(Secret::new));
  }

  private static Optional<String> given(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static List<String> hosts(String text, int port) throws MalformedException {
    List<String> hosts = new ArrayList<>();
    for (String host : text.split(",", -1)) {
      Matcher form = HOST.matcher(host);
      if (!form.matches()) {
        throw new MalformedException(
            "must have a host, host:port or [IPv6]:port, several with commas between");
      }
      int given = form.group(2) == null ? port : Integer.parseInt(form.group(2));
      if (given < 1 || given > 65_535) {
        throw new MalformedException("must have ports from 1 to 65535");
      }
      hosts.add(form.group(1) + ":" + given);
    }
    if (hosts.stream().distinct().count() < hosts.size()) {
      throw new MalformedException("must not name a host twice");
    }
    return List.copyOf(hosts);
  }

  private static int database(@Nullable String given, @Nullable String option)
      throws MalformedException {
    String path = given == null ? "" : given;
    if (!path.isEmpty() && option != null && !path.equals(option)) {
      throw new MalformedException("must not name one database in its path and another as db");
    }
    String number = path.isEmpty() ? option : path;
    if (number == null) {
      return 0;
    }
    if (!NUMBER.matcher(number).matches() || Integer.parseInt(number) > MOST_DATABASES) {
      throw new MalformedException("must have a database from 0 to " + MOST_DATABASES);
    }
    return Integer.parseInt(number);
  }

  private static String decode(String text) throws MalformedException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded.put(bytes[i]);
        continue;
      }
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new MalformedException("must have %25 for a % in user or password");
      }
      decoded.put((byte) (high * 16 + low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("must have user and password in percent-encoded UTF-8");
    }
  }

  /** The options after the question mark. */
  private record Query(
      Map<String, Long> settings,
      Optional<String> master,
      @Nullable String database,
      @Nullable Boolean cluster) {

    static Query parse(@Nullable String text) throws MalformedException {
      Map<String, String> given = split(text);
      Map<String, Long> settings = new LinkedHashMap<>();
      for (Map.Entry<String, Kind.Whole> key : Schema.urlOptions().entrySet()) {
        String value = given.remove(key.getKey());
        if (value != null) {
          settings.put(key.getKey(), number(key.getKey(), key.getValue(), value));
        }
      }
      String master = given.remove(SENTINEL);
      if (master != null && !MASTER.matcher(master).matches()) {
        throw new MalformedException("must have a name for " + SENTINEL);
      }
      String cluster = given.remove(CLUSTER);
      if (cluster != null && !cluster.equals("true") && !cluster.equals("false")) {
        throw new MalformedException("must have true or false for " + CLUSTER);
      }
      String database = given.remove(DATABASE);
      for (String name : given.keySet()) {
        throw new MalformedException("must have no options but "
            + String.join(", ", Schema.urlOptions().keySet())
            + ", db, cluster, sentinel_master"
            + (WORD.matcher(name).matches() ? " (unknown: " + name + ")" : ""));
      }
      return new Query(
          settings,
          Optional.ofNullable(master),
          database,
          cluster == null ? null : Boolean.valueOf(cluster));
    }

    private static Map<String, String> split(@Nullable String text) throws MalformedException {
      Map<String, String> given = new LinkedHashMap<>();
      if (text == null || text.isEmpty()) {
        return given;
      }
      for (String option : text.split("&", -1)) {
        int equal = option.indexOf('=');
        if (equal < 1) {
          throw new MalformedException("must have options of the form name=value");
        }
        if (given.put(option.substring(0, equal), option.substring(equal + 1)) != null) {
          throw new MalformedException("must not have an option twice");
        }
      }
      return given;
    }

    private static long number(String name, Kind.Whole kind, String value)
        throws MalformedException {
      Kind.Checked checked = kind.check(kind.fromText(value));
      if (checked.value() instanceof Long number) {
        return number;
      }
      throw new MalformedException("must have for " + name + " " + kind.rule());
    }

    Topology topology(int hosts) throws MalformedException {
      if (master.isPresent()) {
        if (Boolean.TRUE.equals(cluster)) {
          throw new MalformedException("must not have both cluster and sentinel_master");
        }
        return Topology.SENTINEL;
      }
      if (hosts > 1 && Boolean.FALSE.equals(cluster)) {
        throw new MalformedException(
            "must have one host where cluster=false, or sentinel_master for sentinels");
      }
      return hosts > 1 || Boolean.TRUE.equals(cluster) ? Topology.CLUSTER : Topology.SINGLE;
    }
  }
}
