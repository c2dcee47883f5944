package dev.shiplog.agent.usage;

import dev.shiplog.agent.AgentServices;
import dev.shiplog.agent.files.PodFiles;
import dev.shiplog.agent.files.VolumeUse;
import dev.shiplog.agent.work.Periodic;
import dev.shiplog.agent.work.SerialExecutor;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How full pods' volumes were when they were last looked at. That is once a minute, as with the
 * kubelet, since it walks through all their files. Any thread may read; one serial executor looks.
 */
public final class VolumeSamples {

  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final PodFiles files;
  private final Supplier<List<Pod>> pods;
  private volatile Sample last = new Sample(Instant.EPOCH, Map.of(), List.of());

  /**
   * All volumes at one time.
   *
   * @param byPod by uid
   * @param all the same with their namespaces
   */
  private record Sample(Instant at, Map<String, List<VolumeUse>> byPod, List<Measured> all) {}

  /** A pod's volumes, for those who look for claims. */
  public record Measured(String namespace, List<VolumeUse> volumes) {

    public Measured {
      volumes = List.copyOf(volumes);
    }
  }

  /**
   * A pod's volumes.
   *
   * @param at when they were measured
   */
  public record OfPod(Instant at, List<VolumeUse> volumes) {

    /** Where nothing is known. */
    public static final OfPod NONE = new OfPod(Instant.EPOCH, List.of());

    public OfPod {
      volumes = List.copyOf(volumes);
    }
  }

  public VolumeSamples(PodFiles files, Supplier<List<Pod>> pods) {
    this.files = files;
    this.pods = pods;
  }

  /** Looks regularly; ends when what it returns is closed. */
  public Periodic start(AgentServices services) {
    SerialExecutor owner =
        new SerialExecutor(
            services.threads(), e -> services.faults().fault("Measuring volumes", e));
    Periodic sampling =
        new Periodic(
            services.timers(),
            owner,
            services.random(),
            PAUSE,
            () -> sample(services.timers().instant()));
    sampling.runNow();
    return sampling;
  }

  /** Looks now. */
  public void sample(Instant now) {
    List<Pod> here = pods.get();
    Map<String, List<VolumeUse>> byPod = files.volumeUse(here);
    List<Measured> all =
        here.stream()
            .filter(pod -> byPod.containsKey(pod.getMetadata().getUid()))
            .map(pod ->
                new Measured(
                    pod.getMetadata().getNamespace(), byPod.get(pod.getMetadata().getUid())))
            .toList();
    last = new Sample(now, byPod, all);
  }

  /** The volumes of all pods, as they were. */
  public List<Measured> all() {
    return last.all();
  }

  /** The volumes of a pod, as they were. */
  OfPod of(String podUid) {
    Sample sample = last;
    return new OfPod(sample.at(), sample.byPod().getOrDefault(podUid, List.of()));
  }
}
