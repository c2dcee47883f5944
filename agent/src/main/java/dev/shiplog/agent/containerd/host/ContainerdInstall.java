package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.HostCommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the programs a node needs, and installs those that are missing from Debian's packages. It
 * never removes a package: Docker's own containerd, for one, excludes Debian's.
 *
 * @param places where programs are looked for, apt-get among them
 * @param root whether this process may install
 * @param progress is told before anything is installed
 */
public record ContainerdInstall(Programs.Places places, boolean root, Progress progress) {

  private static final Duration INSTALL = Duration.ofMinutes(5);
  private static final Duration UPDATE = Duration.ofMinutes(2);
  private static final Map<String, String> QUIET = Map.of("DEBIAN_FRONTEND", "noninteractive");

  /** Of this machine and this process. */
  public static ContainerdInstall ofThisHost(Progress progress) {
    return new ContainerdInstall(Programs.Places.ofThisHost(), isRoot(), progress);
  }

  public static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Why containers cannot be run here at all, as a sentence; empty if they can, perhaps after an
   * installation.
   *
   * @param mayInstall whether the user lets us install
   */
  public Optional<String> obstacle(boolean mayInstall) {
    if (!root) {
      return Optional.of("running containers needs root.");
    }
    List<String> missing = Programs.missing(places);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String what = "running containers needs " + String.join(", ", missing) + ", not found here";
    if (!mayInstall) {
      return Optional.of(what + ", and installing was not allowed.");
    }
    return places.path().find("apt-get").isPresent()
        ? Optional.empty()
        : Optional.of(what + ", and there is no apt-get to install them with.");
  }

  /**
   * The programs, after installing what is missing; at most some ten minutes later.
   *
   * @throws ContainerdException if there is an {@link #obstacle}, or the installation failed
   */
  public Programs findOrInstall(boolean mayInstall) {
    obstacle(mayInstall)
        .ifPresent(why -> {
          throw new ContainerdException(why);
        });
    List<String> missing = Programs.missing(places);
    if (!missing.isEmpty()) {
      install(Programs.packagesOf(missing));
    }
    return Programs.find(places)
        .orElseThrow(() ->
            new ContainerdException(
                "installed, but still not found: "
                    + String.join(", ", Programs.missing(places))
                    + "."));
  }

  private void install(List<String> packages) {
    String names = String.join(" ", packages);
    progress.say("installing " + names + " with apt-get (containers need them) ...");
    var install = new ArrayList<String>();
    install.add(places.path().find("apt-get").orElseThrow().toString());
    install.addAll(List.of("install", "-y", "--no-install-recommends", "--no-remove"));
    install.addAll(List.of("-o", "DPkg::Lock::Timeout=60"));
    install.addAll(packages);
    HostCommand.Result result = run(INSTALL, install, names);
    if (!result.succeeded()) {
      // The list of packages may be old, or missing as in a fresh container image.
      run(UPDATE, List.of(install.getFirst(), "update"), names);
      result = run(INSTALL, install, names);
    }
    if (!result.succeeded()) {
      throw new ContainerdException(failure(names, result.lastWords()));
    }
  }

  private static HostCommand.Result run(Duration atMost, List<String> command, String names) {
    try {
      return HostCommand.run(atMost, command, QUIET, "");
    } catch (HostCommandException e) {
      throw new ContainerdException(failure(names, e.getMessage()), e);
    }
  }

  private static String failure(String names, String why) {
    return "could not install " + names + ": " + why;
  }
}
