package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.ClusterFilter;
import dev.shiplog.scheduler.framework.ClusterScore;
import dev.shiplog.scheduler.framework.Plugin;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.ShapeScore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one profile: which plugins are on, at which points, with which weights and arguments. */
final class ProfileReader {

  private static final String DEFAULT_NAME = "default-scheduler";
  private static final String ALL = "*";
  private static final String[] POINTS = {
    "preEnqueue",
    "queueSort",
    "preFilter",
    "filter",
    "postFilter",
    "preScore",
    "score",
    "reserve",
    "permit",
    "preBind",
    "bind",
    "postBind",
    "multiPoint"
  };

  private final Map<String, PluginFactory> factories;
  private final Map<String, Integer> defaultWeights = new HashMap<>();
  private final List<String> defaults = new ArrayList<>();

  ProfileReader(Map<String, PluginFactory> factories) {
    this.factories = factories;
    for (InTree.Default plugin : InTree.plugins()) {
      defaults.add(plugin.name());
      defaultWeights.put(plugin.name(), plugin.weight());
    }
  }

  Profile read(Args profile) {
    profile.knows("schedulerName", "plugins", "pluginConfig", "percentageOfNodesToScore");
    Args plugins = profile.object("plugins").knows(POINTS);
    Map<String, Integer> filters = enabled(plugins, "filter");
    Map<String, Integer> scores = enabled(plugins, "score");
    Map<String, Plugin> made = make(profile);
    return new Profile(
        profile.text("schedulerName", DEFAULT_NAME),
        those(filters, made, ShapeFilter.class),
        those(filters, made, ClusterFilter.class),
        weighted(scores, made, ShapeScore.class),
        weighted(scores, made, ClusterScore.class),
        enabled(plugins, "postFilter").containsKey(InTree.PREEMPTION));
  }

  /** The plugins on at a point, in order, with their weights (0 where none is given). */
  private Map<String, Integer> enabled(Args plugins, String point) {
    Map<String, Integer> on = new LinkedHashMap<>();
    defaults.forEach(name -> on.put(name, 0));
    for (String where : List.of("multiPoint", point)) {
      Args set = plugins.object(where).knows("enabled", "disabled");
      set.list("disabled").forEach(item -> disable(item, on));
      set.list("enabled").forEach(item -> on.put(known(item), item.integer("weight", 0, 0, 1000)));
    }
    return on;
  }

  private void disable(Args item, Map<String, Integer> on) {
    if (item.text("name", "").equals(ALL)) {
      on.clear();
    } else {
      on.remove(known(item));
    }
  }

  private String known(Args item) {
    return known(item.path(), item.knows("name", "weight").requiredText("name"));
  }

  private String known(String path, String name) {
    if (!factories.containsKey(name)) {
      throw new InvalidConfiguration(
          path + ".name",
          "Invalid value: \"" + name + "\": no such plugin; known are " + factories.keySet());
    }
    return name;
  }

  private Map<String, Plugin> make(Args profile) {
    Map<String, Args> args = new HashMap<>();
    for (Args config : profile.list("pluginConfig")) {
      String name = known(config.path(), config.knows("name", "args").requiredText("name"));
      if (args.put(name, config.object("args")) != null) {
        throw new InvalidConfiguration(config.path(), "Duplicate value: \"" + name + "\"");
      }
    }
    Map<String, Plugin> made = new HashMap<>();
    factories.forEach((name, factory) ->
        made.put(
            name, factory.create(args.getOrDefault(name, profile.object("no args of " + name)))));
    return made;
  }

  private static <T> List<T> those(
      Map<String, Integer> on, Map<String, Plugin> made, Class<T> type) {
    return on.keySet().stream().map(made::get).filter(type::isInstance).map(type::cast).toList();
  }

  private <T extends Plugin> List<Weighted<T>> weighted(
      Map<String, Integer> on, Map<String, Plugin> made, Class<T> type) {
    return those(on, made, type).stream()
        .map(plugin -> new Weighted<>(plugin, weight(plugin.name(), on.get(plugin.name()))))
        .toList();
  }

  private int weight(String name, int given) {
    return given > 0 ? given : Math.max(1, defaultWeights.getOrDefault(name, 1));
  }
}
