package io.larder.testing;

import java.nio.file.Path;
import java.util.List;

/**
 * How servers of a test speak TLS, with clients and with each other.
 *
 * @param authority vouches for both sides
 * @param server the certificate of all of them
 * @param clients whether clients have to show one, {@code yes} or {@code no}
 */
public record ServerTls(Path authority, Certificates.Issued server, String clients) {

  /** Clients have to show a certificate. */
  public ServerTls(Path authority, Certificates.Issued server) {
    this(authority, server, "yes");
  }

  /** The options of a server that listens there. */
  List<String> options(int port) {
    return List.of(
        "--tls-port",
        String.valueOf(port),
        "--tls-ca-cert-file",
        authority.toString(),
        "--tls-cert-file",
        server.certificate().toString(),
        "--tls-key-file",
        server.key().toString(),
        "--tls-auth-clients",
        clients,
        "--tls-replication",
        "yes");
  }
}
