package dev.shiplog.agent.csi;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.node.NodeVolumes;
import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * The storage drivers of a node. Drivers make themselves known by a socket in {@code
 * plugins_registry} below the node's data directory, and have their own below {@code plugins}, as
 * they have it below {@code /var/lib/kubelet}. Safe for use by many threads.
 */
public final class NodeStorage implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(NodeStorage.class);

  private final String node;
  private final CsiPaths paths;
  private final AgentServices services;
  private final PluginSockets sockets = new PluginSockets();
  private final Drivers drivers = new Drivers();
  private final VolumesInUse inUse = new VolumesInUse();
  private final PluginWatch watch;

  /**
   * One that knows no driver until it is started.
   *
   * @param node the node's name
   * @param data the node's data directory
   */
  public NodeStorage(String node, Path data, AgentServices services) {
    this.node = node;
    this.services = services;
    paths = new CsiPaths(data);
    watch = new PluginWatch(paths.registry(), services, new PluginRegistrar(sockets, drivers));
  }

  /** Mounts the volumes of pods. */
  public CsiMounts mounts(ConfigSource config, PodTokens tokens) {
    return new CsiMounts(
        paths,
        drivers,
        inUse,
        services.cluster(),
        new Attachments(node, services.cluster().storage()),
        new VolumeContext(config, tokens));
  }

  /** What the node's status tells of volumes. */
  public NodeVolumes volumes() {
    return inUse;
  }

  /** Finds what an agent before this one had mounted; to be called before pods are looked at. */
  public void recall() {
    try {
      Files.createDirectories(paths.registry());
      Files.createDirectories(paths.plugins());
      for (String podUid : paths.podUids()) {
        for (Path directory : paths.volumesOf(podUid)) {
          VolumeRecord.read(directory)
              .filter(VolumeRecord::attached)
              .ifPresent(record -> {
                var _ = inUse.use(record.key(), podUid);
              });
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warnf("Cannot tell which volumes are in use: %s", e.getMessage());
    }
  }

  /** Begins to register drivers, for a node that the cluster knows. */
  public void start(Node registered) {
    watch.start(registered);
  }

  @Override
  public void close() {
    watch.close(() -> {
      drivers.closeAll();
      sockets.close();
    });
  }
}
