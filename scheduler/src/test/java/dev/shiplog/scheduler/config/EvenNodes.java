package dev.shiplog.scheduler.config;

import dev.shiplog.scheduler.framework.NodeFilter;
import dev.shiplog.scheduler.framework.Plugin;
import dev.shiplog.scheduler.framework.ShapeFilter;
import dev.shiplog.scheduler.framework.Verdict;
import dev.shiplog.scheduler.model.PodShape;
import java.util.Optional;

/** A plugin as somebody else might write it: pods run on nodes whose label is an even number. */
record EvenNodes(String label) implements ShapeFilter {

  /** Found with {@link java.util.ServiceLoader}. */
  public static final class Factory implements PluginFactory {
    @Override
    public String name() {
      return "EvenNodes";
    }

    @Override
    public Plugin create(Args args) {
      args.knows("label");
      return new EvenNodes(args.text("label", "number"));
    }
  }

  @Override
  public String name() {
    return "EvenNodes";
  }

  @Override
  public Optional<NodeFilter> preFilter(PodShape shape) {
    return Optional.of(node ->
        Integer.parseInt(node.node().labels().getOrDefault(label, "1")) % 2 == 0
            ? Verdict.PASS
            : Verdict.unresolvable("node(s) were odd"));
  }
}
