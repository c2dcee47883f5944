package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.CandidateLimits;
import dev.shiplog.scheduler.framework.Plugin;
import dev.shiplog.scheduler.model.LabelSelector;
import dev.shiplog.scheduler.model.PodReader;
import dev.shiplog.scheduler.model.SpreadConstraint;
import dev.shiplog.scheduler.plugins.DefaultBinder;
import dev.shiplog.scheduler.plugins.DynamicResources;
import dev.shiplog.scheduler.plugins.IgnoredResources;
import dev.shiplog.scheduler.plugins.ImageLocality;
import dev.shiplog.scheduler.plugins.InterPodAffinity;
import dev.shiplog.scheduler.plugins.NodeAffinity;
import dev.shiplog.scheduler.plugins.NodeName;
import dev.shiplog.scheduler.plugins.NodePorts;
import dev.shiplog.scheduler.plugins.NodeResourcesBalancedAllocation;
import dev.shiplog.scheduler.plugins.NodeResourcesFit;
import dev.shiplog.scheduler.plugins.NodeUnschedulable;
import dev.shiplog.scheduler.plugins.NodeVolumeLimits;
import dev.shiplog.scheduler.plugins.PodTopologySpread;
import dev.shiplog.scheduler.plugins.ScoringStrategy;
import dev.shiplog.scheduler.plugins.ScoringStrategy.Point;
import dev.shiplog.scheduler.plugins.ScoringStrategy.Preference;
import dev.shiplog.scheduler.plugins.TaintToleration;
import dev.shiplog.scheduler.plugins.VolumeBinding;
import dev.shiplog.scheduler.plugins.VolumeRestrictions;
import dev.shiplog.scheduler.plugins.VolumeZone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the arguments of the plugins that come with the scheduler. */
final class InTreeArgs {

  private static final String[] TYPE = {"apiVersion", "kind"};

  private InTreeArgs() {}

  /** Stands for what the scheduler does whatever its configuration says. */
  private record Marker(String name) implements Plugin {}

  /** Carries the arguments of what is no filter and no score. */
  record Preemption(String name, CandidateLimits limits) implements Plugin {}

  static Plugin marker(String name, Args args) {
    none(args);
    return new Marker(name);
  }

  static Plugin binder(Args args) {
    none(args);
    return new DefaultBinder();
  }

  static Plugin nodeUnschedulable(Args args) {
    none(args);
    return new NodeUnschedulable();
  }

  static Plugin nodeName(Args args) {
    none(args);
    return new NodeName();
  }

  static Plugin taintToleration(Args args) {
    none(args);
    return new TaintToleration();
  }

  static Plugin nodePorts(Args args) {
    none(args);
    return new NodePorts();
  }

  static Plugin imageLocality(Args args) {
    none(args);
    return new ImageLocality();
  }

  static Plugin volumeRestrictions(Args args) {
    none(args);
    return new VolumeRestrictions();
  }

  static Plugin nodeVolumeLimits(Args args) {
    none(args);
    return new NodeVolumeLimits();
  }

  static Plugin volumeZone(Args args) {
    none(args);
    return new VolumeZone();
  }

  static Plugin dynamicResources(Args args) {
    args.knows(with("filterTimeout", "bindingTimeout"));
    args.duration("filterTimeout", 10_000);
    args.duration("bindingTimeout", 600_000);
    return new DynamicResources();
  }

  /** Nodes are not scored by their volumes, so the shape says nothing. */
  static Plugin volumeBinding(Args args) {
    args.knows(with("bindTimeoutSeconds", "shape"));
    if (args.has("shape")) {
      points(args);
    }
    return new VolumeBinding(1000L * args.integer("bindTimeoutSeconds", 600, 0, Integer.MAX_VALUE));
  }

  static Plugin preemption(Args args) {
    args.knows(with("minCandidateNodesPercentage", "minCandidateNodesAbsolute"));
    CandidateLimits limits =
        new CandidateLimits(
            args.integer("minCandidateNodesPercentage", 10, 0, 100),
            args.integer("minCandidateNodesAbsolute", 100, 0, Integer.MAX_VALUE));
    if (limits.percentage() == 0 && limits.absolute() == 0) {
      throw args.invalid(
          "minCandidateNodesPercentage", "cannot be zero if minCandidateNodesAbsolute is");
    }
    return new Preemption(InTree.PREEMPTION, limits);
  }

  static Plugin nodeAffinity(Args args) {
    args.knows(with("addedAffinity"));
    Args added = args.object("addedAffinity");
    AddedAffinity.check(added);
    return new NodeAffinity(PodReader.nodeAffinity(added.json()));
  }

  static Plugin interPodAffinity(Args args) {
    args.knows(with("hardPodAffinityWeight", "ignorePreferredTermsOfExistingPods"));
    return new InterPodAffinity(
        args.integer("hardPodAffinityWeight", 1, 0, 100),
        args.bool("ignorePreferredTermsOfExistingPods", false));
  }

  static Plugin balancedAllocation(Args args) {
    args.knows(with("resources"));
    List<String> names = List.copyOf(weights(args, 1).keySet());
    return names.isEmpty()
        ? new NodeResourcesBalancedAllocation()
        : new NodeResourcesBalancedAllocation(names);
  }

  static Plugin nodeResourcesFit(Args args) {
    args.knows(with("ignoredResources", "ignoredResourceGroups", "scoringStrategy"));
    IgnoredResources ignored =
        new IgnoredResources(
            new HashSet<>(args.texts("ignoredResources")),
            new HashSet<>(args.texts("ignoredResourceGroups")));
    return new NodeResourcesFit(strategy(args.object("scoringStrategy")), ignored);
  }

  private static ScoringStrategy strategy(Args args) {
    args.knows("type", "resources", "requestedToCapacityRatio");
    Preference preference =
        args.oneOf(
            "type",
            Preference.LEAST_ALLOCATED,
            InTreeArgs::strategyType,
            "\"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"");
    Map<String, Integer> weights = weights(args, 100);
    List<Point> shape =
        preference == Preference.REQUESTED_TO_CAPACITY_RATIO
            ? shape(args.object("requestedToCapacityRatio"))
            : List.of();
    return new ScoringStrategy(
        preference, weights.isEmpty() ? ScoringStrategy.LEAST_ALLOCATED.weights() : weights, shape);
  }

  private static Map<String, Integer> weights(Args args, int most) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    for (Args resource : args.list("resources")) {
      String name = resource.knows("name", "weight").requiredText("name");
      if (weights.put(name, resource.integer("weight", 1, 1, most)) != null) {
        throw resource.invalid("name", "Duplicate value: \"" + name + "\"");
      }
    }
    return weights;
  }

  private static Preference strategyType(String text) {
    return switch (text) {
      case "LeastAllocated" -> Preference.LEAST_ALLOCATED;
      case "MostAllocated" -> Preference.MOST_ALLOCATED;
      case "RequestedToCapacityRatio" -> Preference.REQUESTED_TO_CAPACITY_RATIO;
      default -> null;
    };
  }

  private static List<Point> shape(Args args) {
    return points(args.knows("shape"));
  }

  private static List<Point> points(Args args) {
    List<Point> points = new ArrayList<>();
    for (Args point : args.list("shape")) {
      point.knows("utilization", "score");
      Point next =
          new Point(point.integer("utilization", 0, 0, 100), point.integer("score", 0, 0, 10));
      if (!points.isEmpty() && next.utilization() <= points.getLast().utilization()) {
        throw new InvalidConfiguration(
            point.path() + ".utilization", "must be higher than that of the point before");
      }
      points.add(next);
    }
    if (points.isEmpty()) {
      throw new InvalidConfiguration(args.path() + ".shape", "Required value");
    }
    return points;
  }

  static Plugin podTopologySpread(Args args) {
    args.knows(with("defaultConstraints", "defaultingType"));
    boolean listed =
        args.oneOf("defaultingType", false, InTreeArgs::isList, "\"List\", \"System\"");
    List<Args> constraints = args.list("defaultConstraints");
    if (!listed && !constraints.isEmpty()) {
      throw new InvalidConfiguration(
          args.path() + ".defaultConstraints", "may be set only with defaultingType List");
    }
    return listed ? new PodTopologySpread(constraints(constraints)) : new PodTopologySpread();
  }

  private static Boolean isList(String type) {
    return switch (type) {
      case "List" -> true;
      case "System" -> false;
      default -> null;
    };
  }

  private static List<SpreadConstraint> constraints(List<Args> listed) {
    Set<String> seen = new HashSet<>();
    List<SpreadConstraint> constraints = new ArrayList<>();
    for (Args args : listed) {
      SpreadConstraint constraint = constraint(args);
      if (!seen.add(constraint.topologyKey() + "/" + constraint.required())) {
        throw args.invalid("topologyKey", "Duplicate value: \"" + constraint.topologyKey() + "\"");
      }
      constraints.add(constraint);
    }
    return constraints;
  }

  private static SpreadConstraint constraint(Args args) {
    args.knows("topologyKey", "maxSkew", "whenUnsatisfiable");
    args.requiredText("whenUnsatisfiable");
    return new SpreadConstraint(
        args.requiredText("topologyKey"),
        args.integer("maxSkew", 0, 1, Integer.MAX_VALUE),
        args.oneOf(
            "whenUnsatisfiable",
            true,
            InTreeArgs::isRequired,
            "\"DoNotSchedule\", \"ScheduleAnyway\""),
        LabelSelector.NOTHING,
        1,
        true,
        false);
  }

  private static Boolean isRequired(String text) {
    return switch (text) {
      case "DoNotSchedule" -> true;
      case "ScheduleAnyway" -> false;
      default -> null;
    };
  }

  private static void none(Args args) {
    args.knows(TYPE);
  }

  private static String[] with(String... fields) {
    List<String> all = new ArrayList<>(List.of(TYPE));
    all.addAll(List.of(fields));
    return all.toArray(String[]::new);
  }
}
