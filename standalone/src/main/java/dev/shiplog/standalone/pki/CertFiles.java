package dev.shiplog.standalone.pki;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where a certificate and its key lie, as PEM. */
public record CertFiles(Path certificate, Path key) {

  boolean exist() {
    return Files.exists(certificate) && Files.exists(key);
  }
}
