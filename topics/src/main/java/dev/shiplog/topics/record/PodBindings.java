package dev.shiplog.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * The body of a {@link Command.Verb#BIND}: which pods go to which nodes. They are bound in one
 * commit, so that whoever reads the log sees all of them or none.
 *
 * @param allOrNone true to bind none of them if one cannot be bound; false to bind those that can.
 *     Which those are, the pods themselves show: the outcome tells of one of them at least
 * @param announce true to tell of each by an Event of the pod, in the same commit
 * @param bindings each about another pod
 */
public record PodBindings(boolean allOrNone, boolean announce, List<PodBinding> bindings) {

  /**
   * One of them.
   *
   * @param uid it must be this pod, and not another of its name
   * @param labels to be added to the pod's
   * @param annotations to be added to the pod's
   */
  public record PodBinding(
      String namespace,
      String name,
      String uid,
      String node,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels,
      Map<String, String> annotations) {

    public PodBinding {
      labels = labels == null ? Map.of() : Map.copyOf(labels);
      annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }

    /** The key of commands about this pod alone. */
    public String key() {
      return "pods./" + namespace + "/" + name;
    }
  }

  public PodBindings {
    bindings = bindings == null ? List.of() : List.copyOf(bindings);
  }
}
