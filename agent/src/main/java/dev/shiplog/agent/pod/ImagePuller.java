package dev.shiplog.agent.pod;

import dev.shiplog.agent.cluster.ClusterException;
import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.pod.ActionFailure.Words;
import dev.shiplog.agent.runtime.ImageInfo;
import dev.shiplog.agent.runtime.PodRuntime;
import dev.shiplog.agent.runtime.PodRuntimeException;
import dev.shiplog.agent.runtime.RegistryCredentials;
import dev.shiplog.agent.runtime.RuntimeRefusedException;
import dev.shiplog.agent.time.Timers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Sees to it that a container's image is on the node, as its pull policy wants it. Only so many
 * images are fetched at a time. Blocks; safe for use by many threads.
 */
final class ImagePuller {

  private static final int PULLS_AT_ONCE = 4;
  private static final Duration PULL_AT_MOST = Duration.ofMinutes(30);

  private final PodRuntime runtime;
  private final ConfigSource config;
  private final PodEvents events;
  private final Timers timers;
  private final Semaphore pulls = new Semaphore(PULLS_AT_ONCE);

  ImagePuller(PodRuntime runtime, ConfigSource config, PodEvents events, Timers timers) {
    this.runtime = runtime;
    this.config = config;
    this.events = events;
    this.timers = timers;
  }

  /**
   * The container's image.
   *
   * @throws ActionFailure if it cannot be had
   */
  ImageInfo ensure(Pod pod, Container container) throws InterruptedException {
    String policy = policy(container);
    String image = container.getImage();
    Optional<ImageInfo> present = present(pod, container);
    if (present.isPresent() && !policy.equals("Always")) {
      events.normal(
          pod, container, "Pulled", "Container image \"" + image + "\" already present on machine");
      return present.get();
    }
    if (policy.equals("Never")) {
      String message = "Container image \"" + image + "\" is not present with pull policy of Never";
      events.warning(pod, container, "ErrImageNeverPull", message);
      events.warning(pod, container, "Failed", "Error: ErrImageNeverPull");
      throw failure("ErrImageNeverPull", message, RetryBackoff.SOON, null);
    }
    return pull(pod, container);
  }

  /** As the API server defaults it: always for the tag latest, which moves. */
  private static String policy(Container container) {
    if (container.getImagePullPolicy() != null && !container.getImagePullPolicy().isEmpty()) {
      return container.getImagePullPolicy();
    }
    String image = container.getImage();
    boolean tagged = image.lastIndexOf(':') > image.lastIndexOf('/');
    return image.endsWith(":latest") || !tagged ? "Always" : "IfNotPresent";
  }

  private Optional<ImageInfo> present(Pod pod, Container container) {
    String image = container.getImage();
    try {
      return runtime.image(image);
    } catch (PodRuntimeException e) {
      boolean isNoName =
          e instanceof RuntimeRefusedException refused
              && refused.reason().equals("InvalidImageName");
      throw isNoName
          ? notLookedAt(pod, container, "InvalidImageName", notParsed(image), e)
          : notLookedAt(
              pod,
              container,
              "ImageInspectError",
              "Failed to inspect image \"" + image + "\": " + e.getMessage(),
              e);
    }
  }

  /** The kubelet's words. */
  private static String notParsed(String image) {
    return "Failed to apply default image tag \"%s\": couldn't parse image reference \"%s\": invalid"
            .formatted(image, image)
        + " reference format";
  }

  private ActionFailure notLookedAt(
      Pod pod, Container container, String reason, String message, PodRuntimeException cause) {
    events.warning(pod, container, "InspectFailed", message);
    events.warning(pod, container, "Failed", "Error: " + reason);
    return failure(reason, message, RetryBackoff.SOON, cause);
  }

  private ImageInfo pull(Pod pod, Container container) throws InterruptedException {
    String image = container.getImage();
    Instant asked = timers.steady();
    pulls.acquire();
    try {
      events.normal(pod, container, "Pulling", "Pulling image \"" + image + "\"");
      Instant began = timers.steady();
      ImageInfo pulled = runtime.pullImage(image, credentials(pod, image), PULL_AT_MOST);
      events.normal(pod, container, "Pulled", pulledMessage(image, asked, began, pulled));
      return pulled;
    } catch (PodRuntimeException e) {
      throw pullFailure(pod, container, e);
    } finally {
      pulls.release();
    }
  }

  private String pulledMessage(String image, Instant asked, Instant began, ImageInfo pulled) {
    Instant now = timers.steady();
    return "Successfully pulled image \""
        + image
        + "\" in "
        + seconds(began, now)
        + " ("
        + seconds(asked, now)
        + " including waiting). Image size: "
        + pulled.sizeBytes()
        + " bytes.";
  }

  private static String seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0 + "s";
  }

  private ActionFailure pullFailure(Pod pod, Container container, PodRuntimeException e) {
    String image = container.getImage();
    String reason =
        e instanceof RuntimeRefusedException refused && !refused.reason().isEmpty()
            ? refused.reason()
            : "ErrImagePull";
    events.warning(
        pod, container, "Failed", "Failed to pull image \"" + image + "\": " + e.getMessage());
    events.warning(pod, container, "Failed", "Error: " + reason);
    return new ActionFailure(
        new Words(reason, e.getMessage()),
        new Words(
            "ImagePullBackOff",
            "Back-off pulling image \"" + image + "\": " + reason + ": " + e.getMessage()),
        RetryBackoff.IMAGE_PULL,
        e);
  }

  /** Those that the pod may use; one that is missing or unreadable is passed over, as in a node. */
  private List<RegistryCredentials> credentials(Pod pod, String image) {
    List<LocalObjectReference> secrets = pod.getSpec().getImagePullSecrets();
    return secrets.stream()
        .flatMap(reference -> secret(pod, reference.getName()).stream())
        .flatMap(secret -> PullSecrets.credentials(secret, image).stream())
        .toList();
  }

  private Optional<Secret> secret(Pod pod, String name) {
    try {
      return config.secret(pod.getMetadata().getNamespace(), name);
    } catch (ClusterException e) {
      return Optional.empty();
    }
  }

  private static ActionFailure failure(
      String reason, String message, RetryBackoff backoff, Throwable cause) {
    return new ActionFailure(reason, message, backoff, cause);
  }
}
