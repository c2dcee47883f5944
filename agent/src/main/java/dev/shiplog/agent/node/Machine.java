package dev.shiplog.agent.node;

import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.api.model.NodeSystemInfoBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What the machine below is, read from its kernel. */
public final class Machine {

  /** The version of Kubernetes whose kubelet this agent stands for. */
  public static final String KUBELET_VERSION = "v1.36.4";

  /** The same without the patch level, as probes introduce themselves. */
  public static final String KUBELET_MINOR_VERSION = "1.36";

  /** Kubernetes' default for the pods of a node. */
  private static final int PODS = 110;

  private static final long KIB = 1024;

  private Machine() {}

  /**
   * All that the machine has.
   *
   * @param storage where the agent and the images lie; the size of that file system counts
   */
  public static Map<String, Quantity> capacity(Path storage) {
    Map<String, Quantity> capacity = new LinkedHashMap<>();
    capacity.put("cpu", new Quantity(Integer.toString(Runtime.getRuntime().availableProcessors())));
    capacity.put("memory", kib(memoryKib()));
    capacity.put("ephemeral-storage", kib(storageKib(storage)));
    capacity.put("pods", new Quantity(Integer.toString(PODS)));
    return capacity;
  }

  /** The machine in a Node's words; {@code runtime} is its containerRuntimeVersion. */
  public static NodeSystemInfo systemInfo(String runtime) {
    return new NodeSystemInfoBuilder()
        .withArchitecture(architecture())
        .withBootID(line("/proc/sys/kernel/random/boot_id"))
        .withMachineID(line("/etc/machine-id"))
        .withSystemUUID(line("/sys/class/dmi/id/product_uuid"))
        .withKernelVersion(System.getProperty("os.version"))
        .withOsImage(osImage())
        .withOperatingSystem("linux")
        .withContainerRuntimeVersion(runtime)
        .withKubeletVersion(KUBELET_VERSION)
        .withKubeProxyVersion("")
        .build();
  }

  /** As Kubernetes names it: {@code amd64}, {@code arm64} … */
  public static String architecture() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (arch) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> arch;
    };
  }

  private static Quantity kib(long kib) {
    return new Quantity(Long.toString(kib), "Ki");
  }

  private static long memoryKib() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemTotal:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static long storageKib(Path storage) {
    try {
      return Files.getFileStore(storage).getTotalSpace() / KIB;
    } catch (IOException e) {
      return 0;
    }
  }

  private static String osImage() {
    try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
      return lines
          .filter(line -> line.startsWith("PRETTY_NAME="))
          .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
          .findFirst()
          .orElse("Linux");
    } catch (IOException e) {
      return "Linux";
    }
  }

  /**
   * Some of these files are missing in containers or kept from ordinary users. The kernel gives its
   * settings in one read or not at all, so they are not read by bytes.
   */
  static String line(String file) {
    try (BufferedReader reader = Files.newBufferedReader(Path.of(file))) {
      String line = reader.readLine();
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      return "";
    }
  }
}
