package dev.shiplog.agent.pod.status;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** What is said of a container that keeps ending. */
public final class CrashLoop {

  private CrashLoop() {}

  public static String message(Pod pod, String container, Duration delay) {
    return "back-off "
        + text(delay)
        + " restarting failed container="
        + container
        + " pod="
        + who(pod);
  }

  /** For the BackOff event, whose message must not change so that repetitions are counted. */
  public static String eventMessage(Pod pod, String container) {
    return "Back-off restarting failed container " + container + " in pod " + who(pod);
  }

  private static String who(Pod pod) {
    var meta = pod.getMetadata();
    return meta.getName() + "_" + meta.getNamespace() + "(" + meta.getUid() + ")";
  }

  /** As Kubernetes writes durations: 10s, 1m20s, 5m0s. */
  private static String text(Duration delay) {
    long minutes = delay.toMinutes();
    return minutes == 0 ? delay.toSeconds() + "s" : minutes + "m" + delay.toSecondsPart() + "s";
  }
}
