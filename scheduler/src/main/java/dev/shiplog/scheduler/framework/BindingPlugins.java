package dev.shiplog.scheduler.framework;

import java.util.List;

/** The plugins of a profile that take part from the choice of a node to the binding, in order. */
public record BindingPlugins(
    List<Reserve> reserve, List<Permit> permit, List<Bind> bind, List<PostBind> postBind) {

  public static final BindingPlugins NONE =
      new BindingPlugins(List.of(), List.of(), List.of(), List.of());

  public BindingPlugins {
    reserve = List.copyOf(reserve);
    permit = List.copyOf(permit);
    bind = List.copyOf(bind);
    postBind = List.copyOf(postBind);
  }
}
