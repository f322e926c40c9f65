package io.larder.store.redis;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What to look at after a failure, told from what all its causes say. */
final class ProbeHint {

  private static final String OTHERWISE =
      "look at the cause, and at the server's log for what it says of this connection";

  private record Sign(String words, String hint) {}

  /** The first that is found counts. */
  private static final List<Sign> SIGNS = List.of(
      new Sign(
          "there is no file|cannot be used:",
          "tls_ca_path, tls_cert_path and tls_key_path must name PEM files that this process may"
              + " read, and the key must have no pass phrase"),
      new Sign(
          "wrongpass|invalid password|noauth|auth failed|without any password",
          "redis_username and redis_password (or those in redis_url) must be what the server"
              + " knows; percent-encode / ? # @ : % in the URL"),
      new Sign(
          "noperm|no permissions|can't run this command|cannot access",
          "the user lacks a right; docs/storage.md lists the rights that Larder needs"),
      new Sign(
          "db index|invalid db|select is not allowed",
          "the server has no such database; name a lower one in redis_url, or raise its"
              + " 'databases'"),
      new Sign(
          "readonly|read only", "this is a replica; redis_url must name the master, or sentinels"),
      new Sign(
          "unknownhost|failed to resolve|name or service", "the host's name is not known to DNS"),
      new Sign(
          "ssl|certificat|handshake|pkix",
          "TLS failed: rediss:// is for servers with TLS only; tls_ca_path must vouch for the"
              + " server's certificate, and the host must be a name in it"),
      new Sign(
          "refused|connect exception",
          "nothing listens there: is Redis up, and are host and port of redis_url right?"),
      new Sign("moved|cluster", "add ?cluster=true to redis_url for a cluster, and only for one"),
      new Sign("is full|oom", "Redis is full: raise maxmemory, or set a maxmemory-policy"),
      new Sign("loading", "Redis is still reading its data; try again"),
      new Sign(
          "timeout|timed out|no reply|closed|reset",
          "it does not answer in time: is it Redis, with TLS only if it is rediss://, and is no"
              + " firewall between? Else raise connection_timeout or operation_timeout_ms"));

  private ProbeHint() {}

  static String of(Throwable failure) {
    StringBuilder said = new StringBuilder();
    Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .limit(20)
        .forEach(cause -> said.append(cause).append('\n'));
    String text = said.toString().toLowerCase(Locale.ROOT);
    return SIGNS.stream()
        .filter(sign -> Stream.of(sign.words().split("\\|")).anyMatch(text::contains))
        .findFirst()
        .map(Sign::hint)
        .orElse(OTHERWISE);
  }
}
