package dev.shiplog.scheduler.plugins;

import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import java.util.List;

/** The plugins and weights of a scheduler that nobody has configured; Kubernetes' defaults. */
public final class DefaultProfile {

  public static final String SCHEDULER_NAME = "default-scheduler";

  private DefaultProfile() {}

  public static Profile create() {
    TaintToleration taints = new TaintToleration();
    NodeAffinity affinity = new NodeAffinity();
    NodeResourcesFit fit = new NodeResourcesFit();
    InterPodAffinity podAffinity = new InterPodAffinity();
    PodTopologySpread spread = new PodTopologySpread();
    return new Profile(
        SCHEDULER_NAME,
        List.of(new NodeUnschedulable(), taints, affinity, new NodePorts(), fit),
        List.of(
            new NodeName(),
            new VolumeRestrictions(),
            new NodeVolumeLimits(),
            new VolumeBinding(),
            new VolumeZone(),
            spread,
            podAffinity,
            new DynamicResources()),
        List.of(
            new Weighted<>(taints, 3),
            new Weighted<>(affinity, 2),
            new Weighted<>(fit, 1),
            new Weighted<>(new NodeResourcesBalancedAllocation(), 1)),
        List.of(
            new Weighted<>(spread, 2),
            new Weighted<>(podAffinity, 2),
            new Weighted<>(new ImageLocality(), 1)),
        true);
  }
}
