package dev.shiplog.scheduler.framework;

import java.util.Map;

/**
 * Labels and annotations that a pod gets in the commit that binds it, as those of a Binding object
 * do in Kubernetes.
 */
public record BindExtras(Map<String, String> labels, Map<String, String> annotations) {

  public static final BindExtras NONE = new BindExtras(Map.of(), Map.of());

  public BindExtras {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
