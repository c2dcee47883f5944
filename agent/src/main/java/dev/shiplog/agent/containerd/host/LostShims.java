package dev.shiplog.agent.containerd.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Shims that nobody will ever ask for anything again. containerd makes a bundle before its shim and
 * deletes it after that. Where it is killed while a shim comes up, or whoever asked it for a
 * sandbox goes away, it deletes the bundle or forgets it, and the shim comes up all the same.
 *
 * <p>Nothing else tells of them, so they are looked for again and again. Used by one thread at a
 * time.
 */
final class LostShims {

  private static final Logger LOG = Logger.getLogger(LostShims.class);

  private final ContainerdLayout layout;
  private Set<Shims.Shim> suspects = Set.of();

  LostShims(ContainerdLayout layout) {
    this.layout = layout;
  }

  /** Kills those that were lost the last time, too: others may be about to end by themselves. */
  void look() {
    Set<Shims.Shim> lost =
        Shims.of(layout.socket()).filter(this::isLost).collect(Collectors.toSet());
    for (Shims.Shim shim : lost) {
      if (suspects.contains(shim)) {
        LOG.infof("Ended a shim that containerd had forgotten, of %s", shim.id());
        shim.kill();
      }
    }
    suspects = lost;
  }

  /** A sandbox's shim has its containers, too, which may outlive the sandbox's own bundle. */
  private boolean isLost(Shims.Shim shim) {
    Path bundles = Remains.bundles(layout);
    return !Files.exists(bundles.resolve(shim.id()))
        && Remains.entries(bundles).noneMatch(bundle -> names(bundle, shim.id()));
  }

  private static boolean names(Path bundle, String sandbox) {
    try {
      return Files.readString(bundle.resolve("config.json")).contains(sandbox);
    } catch (IOException e) {
      return false;
    }
  }
}
