package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.host.ProgramPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The programs a node with containers needs.
 *
 * @param containerd the runtime
 * @param ctr its command line client
 * @param runc starts the containers
 * @param nft writes packet filter rules
 * @param ip looks at and changes interfaces and routes
 * @param iptables the older packet filter tool, which the plug-in for host ports uses
 * @param cniDirectory where the network plug-ins are
 */
public record Programs(
    Path containerd, Path ctr, Path runc, Path nft, Path ip, Path iptables, Path cniDirectory) {

  /** Debian's, and that of the plug-ins' own releases. */
  private static final List<Path> CNI_DIRECTORIES =
      List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin"), Path.of("/usr/libexec/cni"));

  private static final List<String> CNI_PLUGINS =
      List.of("ptp", "host-local", "portmap", "loopback");

  /** Debian's package for each program; the network plug-ins go by the name {@code cni}. */
  private static final Map<String, String> PACKAGES = packages();

  private static Map<String, String> packages() {
    var packages = new LinkedHashMap<String, String>();
    packages.put("containerd", "containerd");
    packages.put("ctr", "containerd");
    packages.put("runc", "runc");
    packages.put("nft", "nftables");
    packages.put("ip", "iproute2");
    packages.put("iptables", "iptables");
    packages.put("cni", "containernetworking-plugins");
    return packages;
  }

  /** Where to look. */
  public record Places(ProgramPath path, List<Path> cniDirectories) {

    public Places {
      cniDirectories = List.copyOf(cniDirectories);
    }

    public static Places ofThisHost() {
      return new Places(ProgramPath.ofThisHost(), CNI_DIRECTORIES);
    }

    private Optional<Path> find(String program) {
      return program.equals("cni")
          ? cniDirectories.stream().filter(Places::hasPlugins).findFirst()
          : path.find(program);
    }

    private static boolean hasPlugins(Path directory) {
      return CNI_PLUGINS.stream().allMatch(it -> Files.isExecutable(directory.resolve(it)));
    }
  }

  /** All of them, or empty if {@link #missing} is not. */
  public static Optional<Programs> find(Places places) {
    return missing(places).isEmpty()
        ? Optional.of(
            new Programs(
                places.find("containerd").orElseThrow(),
                places.find("ctr").orElseThrow(),
                places.find("runc").orElseThrow(),
                places.find("nft").orElseThrow(),
                places.find("ip").orElseThrow(),
                places.find("iptables").orElseThrow(),
                places.find("cni").orElseThrow()))
        : Optional.empty();
  }

  /** Names of those that are not there. */
  public static List<String> missing(Places places) {
    return PACKAGES.keySet().stream().filter(it -> places.find(it).isEmpty()).toList();
  }

  /** Debian's packages that bring the programs, each once. */
  static List<String> packagesOf(List<String> programs) {
    return programs.stream().map(PACKAGES::get).distinct().toList();
  }
}
