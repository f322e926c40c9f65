package io.larder.testing;

import java.nio.file.Path;
import java.util.List;

/**
 * How servers of a test speak TLS, with clients, who have to show a certificate, and with each
 * other.
 *
 * @param authority vouches for both sides
 * @param server the certificate of all of them
 */
public record ServerTls(Path authority, Certificates.Issued server) {

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
        "yes",
        "--tls-replication",
        "yes");
  }
}
