package io.larder.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Transport security towards Redis.
 *
 * @param enabled whether connections use TLS
 * @param ca certificates to trust, PEM; absent for the JVM's own
 * @param certificate the client's certificate chain, PEM
 * @param key the client's private key, PEM
 * @param verify whether the server's certificate and host name are checked
 */
public record TlsSettings(
    boolean enabled,
    Optional<Path> ca,
    Optional<Path> certificate,
    Optional<Path> key,
    boolean verify) {}
