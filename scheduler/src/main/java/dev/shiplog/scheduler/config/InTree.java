package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.Plugin;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The plugins that come with the scheduler, in the order in which filters are asked. */
final class InTree {

  /** Name of what removes other pods; no filter and no score. */
  static final String PREEMPTION = "DefaultPreemption";

  /** Name of what orders the queue; the only one there is. */
  static final String SORT = "PrioritySort";

  /**
   * Plugins that kube-scheduler has had, and that have nothing to do here. A configuration may turn
   * them off.
   */
  static final Set<String> ABSENT =
      Set.of(
          "EBSLimits",
          "GCEPDLimits",
          "AzureDiskLimits",
          "CinderLimits",
          "NodeDeclaredFeatures",
          "GangScheduling",
          "DeferredPodScheduling");

  /** Where plugins of kube-scheduler take part, and others do their work here. */
  static final Set<String> DONE_ELSEWHERE =
      Set.of(
          "score/VolumeBinding",
          "score/DynamicResources",
          "reserve/VolumeBinding",
          "reserve/DynamicResources",
          "permit/DynamicResources");

  /** Name of what binds the pods that no other plugin binds. */
  static final String BINDER = "DefaultBinder";

  /**
   * A plugin that is on by default.
   *
   * @param weight of its score
   */
  record Default(String name, int weight, Function<Args, Plugin> create) implements PluginFactory {
    @Override
    public Plugin create(Args args) {
      return create.apply(args);
    }
  }

  private InTree() {}

  static List<Default> plugins() {
    return List.of(
        new Default("SchedulingGates", 0, args -> InTreeArgs.marker("SchedulingGates", args)),
        new Default(SORT, 0, args -> InTreeArgs.marker(SORT, args)),
        new Default("NodeUnschedulable", 0, InTreeArgs::nodeUnschedulable),
        new Default("NodeName", 0, InTreeArgs::nodeName),
        new Default("TaintToleration", 3, InTreeArgs::taintToleration),
        new Default("NodeAffinity", 2, InTreeArgs::nodeAffinity),
        new Default("NodePorts", 0, InTreeArgs::nodePorts),
        new Default("NodeResourcesFit", 1, InTreeArgs::nodeResourcesFit),
        new Default("VolumeRestrictions", 0, InTreeArgs::volumeRestrictions),
        new Default("NodeVolumeLimits", 0, InTreeArgs::nodeVolumeLimits),
        new Default("VolumeBinding", 0, InTreeArgs::volumeBinding),
        new Default("VolumeZone", 0, InTreeArgs::volumeZone),
        new Default("PodTopologySpread", 2, InTreeArgs::podTopologySpread),
        new Default("InterPodAffinity", 2, InTreeArgs::interPodAffinity),
        new Default("DynamicResources", 0, InTreeArgs::dynamicResources),
        new Default(PREEMPTION, 0, InTreeArgs::preemption),
        new Default("NodeResourcesBalancedAllocation", 1, InTreeArgs::balancedAllocation),
        new Default("ImageLocality", 1, InTreeArgs::imageLocality),
        new Default(BINDER, 0, InTreeArgs::binder));
  }
}
