package dev.shiplog.standalone;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The files of the API server's certificate: they are shown anew once they have changed. Quarkus'
 * own reload-period does so all the time, and while Vert.x takes what it is given, changed or not,
 * it resets the connections that clients open. It still does so in the moment of a change.
 *
 * <p>Looked at by one thread at a time.
 */
@Singleton
public class ServingFiles {

  private static final Logger LOG = Logger.getLogger(ServingFiles.class);
  private static final long LOOK_EVERY_MS = 10_000;

  private final TlsConfigurationRegistry registry;
  private final Event<CertificateUpdatedEvent> updated;
  private final List<Path> files;
  private List<FileTime> known = List.of();

  ServingFiles(
      TlsConfigurationRegistry registry,
      Event<CertificateUpdatedEvent> updated,
      @ConfigProperty(name = "quarkus.tls.key-store.pem.apiserver.cert") Optional<Path> certificate,
      @ConfigProperty(name = "quarkus.tls.key-store.pem.apiserver.key") Optional<Path> key,
      @ConfigProperty(name = "quarkus.tls.trust-store.pem.certs") Optional<List<Path>> trusted) {
    this.registry = registry;
    this.updated = updated;
    files =
        Stream.of(certificate.stream(), key.stream(), trusted.stream().flatMap(List::stream))
            .flatMap(each -> each)
            .toList();
  }

  void start(@Observes StartupEvent event, Vertx vertx) {
    known = times();
    if (!files.isEmpty()) {
      vertx.setPeriodic(
          LOOK_EVERY_MS,
          timer ->
              vertx.executeBlocking(() -> {
                look();
                return null;
              }));
    }
  }

  private void look() {
    List<FileTime> now = times();
    if (now.equals(known)) {
      return;
    }
    known = now;
    try {
      registry
          .getDefault()
          .filter(TlsConfiguration::reload)
          .ifPresent(tls -> updated.fire(new CertificateUpdatedEvent(TlsConfig.DEFAULT_NAME, tls)));
      LOG.infof("read %s again", files);
    } catch (RuntimeException e) {
      LOG.warnf("%s cannot be used; what was shown stays: %s", files, e.getMessage());
    }
  }

  /** What was known while one of them cannot be read, as between its deletion and its return. */
  private List<FileTime> times() {
    List<FileTime> times = new ArrayList<>();
    try {
      for (Path file : files) {
        times.add(Files.getLastModifiedTime(file));
      }
      return times;
    } catch (IOException e) {
      LOG.debugf("Cannot look at %s: %s", files, e.getMessage());
      return known;
    }
  }
}
