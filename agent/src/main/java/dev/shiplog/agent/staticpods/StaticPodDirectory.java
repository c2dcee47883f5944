package dev.shiplog.agent.staticpods;

import dev.shiplog.agent.cluster.KubernetesJson;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The pods in a directory: one in each file whose name ends in {@code .yaml}, {@code .yml} or
 * {@code .json} and does not begin with a dot. A pod whose file cannot be read stays as it was. A
 * file that changes is another pod, with another uid. Used by one thread.
 */
final class StaticPodDirectory {

  private static final Logger LOG = Logger.getLogger(StaticPodDirectory.class);
  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");
  private static final long LONGEST_FILE = 1 << 20;
  private static final String TERMINATION_LOG = "/dev/termination-log";

  private final Path directory;
  private final String node;
  private final Map<Path, Known> known = new HashMap<>();

  /** What a file held; empty where it held no pod. */
  @SuppressWarnings("ArrayRecordComponent") // compared by hand
  private record Known(byte[] bytes, Optional<Pod> pod) {}

  StaticPodDirectory(Path directory, String node) {
    this.directory = directory;
    this.node = node;
  }

  /** The pods now; the same objects as before where nothing changed. */
  List<Pod> read(Instant now) {
    List<Path> files = files();
    known.keySet().retainAll(files);
    for (Path file : files) {
      read(file, now);
    }
    return known.values().stream().flatMap(each -> each.pod().stream()).toList();
  }

  private List<Path> files() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(StaticPodDirectory::isMeant).sorted().toList();
    } catch (IOException e) {
      LOG.warnf("Static pods stay as they are: cannot read %s: %s", directory, e.getMessage());
      return List.copyOf(known.keySet());
    }
  }

  private static boolean isMeant(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && ENDINGS.stream().anyMatch(name::endsWith)
        && Files.isRegularFile(file);
  }

  private void read(Path file, Instant now) {
    try {
      if (Files.size(file) > LONGEST_FILE) {
        throw new IOException("it is longer than " + LONGEST_FILE + " bytes");
      }
      byte[] bytes = Files.readAllBytes(file);
      Known before = known.get(file);
      if (before == null || !Arrays.equals(before.bytes(), bytes)) {
        Optional<Pod> earlier = before == null ? Optional.empty() : before.pod();
        known.put(file, new Known(bytes, parse(file, bytes, now).or(() -> earlier)));
      }
    } catch (NoSuchFileException e) {
      known.remove(file);
    } catch (IOException e) {
      LOG.warnf("Cannot read the static pod in %s: %s", file, e.getMessage());
    }
  }

  private Optional<Pod> parse(Path file, byte[] bytes, Instant now) {
    try {
      Pod pod = KubernetesJson.read(bytes, Pod.class);
      if (pod == null
          || pod.getMetadata() == null
          || pod.getMetadata().getName() == null
          || pod.getSpec() == null
          || pod.getSpec().getContainers().isEmpty()) {
        throw new IllegalArgumentException("it is no Pod with a name and containers");
      }
      return Optional.of(completed(pod, file, bytes, now));
    } catch (RuntimeException e) {
      LOG.errorf("Cannot understand the static pod in %s: %s", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** With what the API server would have given it, as far as a node asks for it. */
  private Pod completed(Pod pod, Path file, byte[] bytes, Instant now) {
    String hash = hash(file, bytes);
    String namespace = pod.getMetadata().getNamespace();
    return new PodBuilder(pod)
        .editMetadata()
        .withName(pod.getMetadata().getName() + "-" + node)
        .withNamespace(namespace == null || namespace.isEmpty() ? "default" : namespace)
        .withUid(hash)
        .addToAnnotations(Mirrors.marks(hash, now.toString()))
        .endMetadata()
        .editSpec()
        .withNodeName(node)
        .withContainers(completed(pod.getSpec().getContainers()))
        .withInitContainers(completed(pod.getSpec().getInitContainers()))
        .addNewToleration()
        .withOperator("Exists")
        .withEffect("NoExecute")
        .endToleration()
        .endSpec()
        .withStatus(null)
        .build();
  }

  private static List<Container> completed(List<Container> containers) {
    return containers.stream()
        .map(each ->
            each.getTerminationMessagePath() == null
                ? new ContainerBuilder(each).withTerminationMessagePath(TERMINATION_LOG).build()
                : each)
        .toList();
  }

  private String hash(Path file, byte[] bytes) {
    byte[] place = (node + "\n" + file + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(place, place.length + bytes.length);
    System.arraycopy(bytes, 0, all, place.length, bytes.length);
    return UUID.nameUUIDFromBytes(all).toString();
  }
}
