package dev.shiplog.agent.csi;

import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.csi.grpc.Csi.NodeGetInfoResponse;
import dev.shiplog.agent.csi.registration.PluginRegistration.InfoRequest;
import dev.shiplog.agent.csi.registration.PluginRegistration.PluginInfo;
import dev.shiplog.agent.csi.registration.PluginRegistration.RegistrationStatus;
import dev.shiplog.agent.csi.registration.RegistrationGrpc;
import dev.shiplog.agent.csi.registration.RegistrationGrpc.RegistrationBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Makes a driver known to the node and to the cluster. Blocks; used by one thread at a time. */
final class PluginRegistrar {

  private static final Logger LOG = Logger.getLogger(PluginRegistrar.class);

  private static final String DRIVER = "CSIPlugin";
  private static final String VERSION = "1.";
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final PluginSockets sockets;
  private final Drivers drivers;

  PluginRegistrar(PluginSockets sockets, Drivers drivers) {
    this.sockets = sockets;
    this.drivers = drivers;
  }

  /**
   * Registers the plugin behind a socket, and tells it what came of it.
   *
   * @throws PodConfigException if it cannot be registered
   */
  Driver register(Path socket, CsiNodeObject node) {
    ManagedChannel channel = sockets.open(socket);
    try {
      PluginInfo info = stub(channel).getInfo(InfoRequest.getDefaultInstance());
      return register(info, socket, channel, node);
    } catch (StatusRuntimeException e) {
      throw new PodConfigException(Driver.words(e), e);
    } finally {
      channel.shutdownNow();
    }
  }

  private Driver register(
      PluginInfo info, Path socket, ManagedChannel channel, CsiNodeObject node) {
    Driver driver = null;
    try {
      requireUsable(info);
      Path endpoint = info.getEndpoint().isEmpty() ? socket : Path.of(info.getEndpoint());
      driver = new Driver(info.getName(), sockets.open(endpoint));
      NodeGetInfoResponse here = driver.info();
      node.install(driver.name(), here);
      drivers.add(driver);
      tell(channel, RegistrationStatus.newBuilder().setPluginRegistered(true).build());
      return driver;
    } catch (PodConfigException
        | ClusterException
        | IllegalArgumentException
        | UncheckedIOException e) {
      if (driver != null) {
        drivers.remove(driver);
      }
      tell(
          channel,
          RegistrationStatus.newBuilder()
              .setError(
                  "RegisterPlugin error -- plugin registration failed with err: " + e.getMessage())
              .build());
      throw new PodConfigException(info.getName() + ": " + e.getMessage(), e);
    }
  }

  private static void requireUsable(PluginInfo info) {
    if (!info.getType().equals(DRIVER)) {
      throw new PodConfigException(
          "this node has no use for a plugin of type \"" + info.getType() + "\"");
    }
    if (info.getName().isEmpty()) {
      throw new PodConfigException("the plugin has no name");
    }
    if (info.getSupportedVersionsList().stream().noneMatch(PluginRegistrar::isKnown)) {
      throw new PodConfigException(
          "versions %s are not supported; a driver has to speak version 1"
              .formatted(info.getSupportedVersionsList()));
    }
  }

  /** Written as 1.0.0, and with a v before it. */
  private static boolean isKnown(String version) {
    return version.startsWith(VERSION) || version.startsWith("v" + VERSION);
  }

  /** One that does not hear it is registered all the same. */
  private static void tell(ManagedChannel channel, RegistrationStatus status) {
    try {
      var _ = stub(channel).notifyRegistrationStatus(status);
    } catch (StatusRuntimeException e) {
      LOG.warnf("A plugin was not told what came of its registration: %s", Driver.words(e));
    }
  }

  private static RegistrationBlockingStub stub(ManagedChannel channel) {
    return RegistrationGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Forgets a driver; volumes it has mounted stay until it is back. */
  void remove(Driver driver, CsiNodeObject node) {
    drivers.remove(driver);
    try {
      node.uninstall(driver.name());
    } catch (ClusterException | UncheckedIOException e) {
      LOG.warnf("The cluster still counts on driver %s: %s", driver.name(), e.getMessage());
    }
  }
}
