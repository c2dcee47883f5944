package dev.shiplog.agent.csi;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Registers drivers whose sockets come to be in a directory, and forgets those whose sockets go. A
 * socket that is made anew is a driver that started anew. A driver that cannot be registered is
 * told why, and asked again after a while.
 *
 * <p>State belongs to one serial executor.
 */
final class PluginWatch {

  static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private static final Logger LOG = Logger.getLogger(PluginWatch.class);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LAST_RETRY = Duration.ofMinutes(2);

  private final Path directory;
  private final AgentServices services;
  private final PluginRegistrar registrar;
  private final SerialExecutor owner;
  private final Periodic periodic;
  private final Map<Path, Known> sockets = new HashMap<>();
  private CsiNodeObject node;
  private boolean ensured;

  /**
   * A socket.
   *
   * @param identity tells it from one that is made anew in its place
   * @param driver empty if it was refused
   * @param retryAt when to ask one that was refused again
   */
  private record Known(
      String identity, Optional<Driver> driver, Instant retryAt, Duration backoff) {}

  PluginWatch(Path directory, AgentServices services, PluginRegistrar registrar) {
    this.directory = directory;
    this.services = services;
    this.registrar = registrar;
    owner =
        new SerialExecutor(
            services.threads(), e -> services.faults().fault("Registering storage drivers", e));
    periodic = new Periodic(services.timers(), owner, services.random(), LOOK_EVERY, this::look);
  }

  /** Begins, once the cluster knows the node. */
  void start(Node registered) {
    owner.execute(() -> node = new CsiNodeObject(registered, services.cluster()));
    periodic.runNow();
  }

  /**
   * Ends the watch.
   *
   * @param afterwards done once no driver is being registered any more
   */
  void close(Runnable afterwards) {
    periodic.close();
    owner.execute(afterwards);
  }

  private void look() {
    try {
      if (!ensured) {
        var _ = node.ensure();
        ensured = true;
      }
      Map<Path, String> now = present();
      forgetOthers(now);
      now.forEach(this::see);
    } catch (IOException | UncheckedIOException | ClusterException e) {
      LOG.warnf("Cannot look after storage drivers: %s", e.getMessage());
    }
  }

  /** By path, what tells each from another that comes in its place. */
  private Map<Path, String> present() throws IOException {
    Map<Path, String> present = new HashMap<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> all = Files.walk(directory, 2)) {
        for (Path path : all.toList()) {
          BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
          if (attributes.isOther() && !path.getFileName().toString().startsWith(".")) {
            present.put(path, attributes.fileKey() + "@" + attributes.lastModifiedTime());
          }
        }
      }
    }
    return present;
  }

  private void forgetOthers(Map<Path, String> now) {
    Set<Path> gone = new HashSet<>();
    sockets.forEach((path, known) -> {
      if (!known.identity().equals(now.get(path))) {
        gone.add(path);
      }
    });
    for (Path path : gone) {
      Optional<Driver> driver = sockets.get(path).driver();
      if (driver.isPresent() && !now.containsKey(path)) {
        registrar.remove(driver.get(), node);
        LOG.infof("Storage driver %s is gone", driver.get().name());
      }
      sockets.remove(path);
    }
  }

  private void see(Path socket, String identity) {
    Known known = sockets.get(socket);
    Instant now = services.timers().steady();
    if (known != null && (known.driver().isPresent() || now.isBefore(known.retryAt()))) {
      return;
    }
    Duration backoff = known == null ? FIRST_RETRY : known.backoff();
    Optional<Driver> driver = register(socket);
    Duration longer = backoff.multipliedBy(2);
    sockets.put(
        socket,
        new Known(
            identity,
            driver,
            now.plus(backoff),
            longer.compareTo(LAST_RETRY) < 0 ? longer : LAST_RETRY));
  }

  private Optional<Driver> register(Path socket) {
    try {
      Driver driver = registrar.register(socket, node);
      LOG.infof("Storage driver %s is registered", driver.name());
      return Optional.of(driver);
    } catch (PodConfigException e) {
      LOG.warnf("The plugin at %s cannot be registered: %s", socket, e.getMessage());
      return Optional.empty();
    }
  }
}
