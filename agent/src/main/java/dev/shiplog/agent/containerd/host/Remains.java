package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.container.PodConfigException;
import dev.shiplog.agent.files.FileTrees;
import dev.shiplog.agent.files.Mounts;
import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.HostCommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What may be left of sandboxes and containers that were being made, or being removed, when
 * containerd was killed: it forgets those that it had not noted yet, with their processes, cgroups,
 * network namespaces, addresses and rules for host ports. This is what there was at one time when
 * nothing was in the making; whatever of it containerd does not know once it runs is nobody's.
 *
 * @param ids of sandboxes and containers
 * @param namespaces where network namespaces are mounted
 */
record Remains(ContainerdLayout layout, Set<String> ids, List<Path> namespaces) {

  private static final Logger LOG = Logger.getLogger(Remains.class);
  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final String NAMESPACE = "k8s.io";

  /** Where the shims keep what runc knows of its containers. */
  private static final Path RUNC = Path.of("/run/containerd/runc", NAMESPACE);

  Remains {
    ids = Set.copyOf(ids);
    namespaces = List.copyOf(namespaces);
  }

  /** What there is now. */
  static Remains of(ContainerdLayout layout) {
    Set<String> ids = new TreeSet<>();
    entries(bundles(layout)).map(Path::getFileName).map(Path::toString).forEach(ids::add);
    Shims.of(layout.socket()).map(Shims.Shim::id).forEach(ids::add);
    ids.addAll(new Addresses(layout).owners());
    return new Remains(layout, ids, entries(layout.networkNamespaces()).toList());
  }

  /**
   * Deletes what is no namespace any more since the machine started anew, lest containerd takes it
   * for one; to be called while containerd does not run.
   */
  static void forgetLostNamespaces(ContainerdLayout layout) {
    entries(layout.networkNamespaces())
        .forEach(path -> {
          try {
            if (!Mounts.isPoint(path)) {
              Files.deleteIfExists(path);
            }
          } catch (IOException e) {
            LOG.warnf("Cannot look at %s: %s", path, e.getMessage());
          }
        });
  }

  /**
   * Removes what nobody owns; containerd must run. What does not work out is left for the next
   * start.
   */
  void remove(Programs programs) {
    try {
      Set<String> left = of(layout).ids();
      Set<String> known = known(programs);
      ids.stream()
          .filter(left::contains)
          .filter(id -> !known.contains(id))
          .forEach(id -> remove(id, programs));
      removeNamespaces();
    } catch (HostCommandException e) {
      LOG.warnf("Cannot look for what containerd forgot: %s", e.getMessage());
    }
  }

  /** Of all sandboxes and containers that containerd knows, those in the making included. */
  private Set<String> known(Programs programs) {
    HostCommand.Result listed =
        HostCommand.run(
            COMMAND,
            List.of(
                programs.ctr().toString(),
                "--address",
                layout.socket().toString(),
                "--namespace",
                NAMESPACE,
                "containers",
                "list",
                "--quiet"));
    if (!listed.succeeded()) {
      throw new HostCommandException(listed.lastWords(), null);
    }
    return listed.output().lines().map(String::strip).collect(Collectors.toSet());
  }

  private void remove(String id, Programs programs) {
    try {
      Shims.of(layout.socket()).filter(shim -> shim.id().equals(id)).forEach(Shims.Shim::kill);
      Cgroups.kill(id);
      if (Files.exists(RUNC.resolve(id))) {
        var _ =
            HostCommand.run(
                COMMAND,
                List.of(
                    programs.runc().toString(),
                    "--root",
                    RUNC.toString(),
                    "delete",
                    "--force",
                    id));
      }
      Cgroups.remove(id);
      new Addresses(layout).release(id, programs);
      Path bundle = bundles(layout).resolve(id);
      Mounts.unmountBelow(bundle);
      FileTrees.delete(bundle);
      FileTrees.delete(layout.root().resolve(tasksDirectory()).resolve(id));
      LOG.infof("Removed what containerd had forgotten of %s", id);
    } catch (IOException | HostCommandException | PodConfigException e) {
      LOG.warnf("Cannot remove what containerd forgot of %s: %s", id, e.getMessage());
    }
  }

  private void removeNamespaces() {
    Set<String> used =
        entries(bundles(layout))
            .map(bundle -> text(bundle.resolve("config.json")))
            .collect(Collectors.toSet());
    namespaces.stream()
        .filter(Files::exists)
        .filter(path -> used.stream().noneMatch(spec -> spec.contains(path.toString())))
        .forEach(Remains::removeNamespace);
  }

  private static void removeNamespace(Path path) {
    try {
      Mounts.unmountBelow(path);
      Files.deleteIfExists(path);
    } catch (IOException | PodConfigException e) {
      LOG.warnf("Cannot remove the network namespace at %s: %s", path, e.getMessage());
    }
  }

  /** One of each sandbox and container that runs. */
  static Path bundles(ContainerdLayout layout) {
    return layout.state().resolve(tasksDirectory());
  }

  private static Path tasksDirectory() {
    return Path.of("io.containerd.runtime.v2.task", NAMESPACE);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** Those of a directory that may be missing. */
  static Stream<Path> entries(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
