package dev.shiplog.topics.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a controller or the scheduler asks the API server to do. It passes admission, validation and
 * commit like a request over HTTP, under the rights of its actor. Record key: {@link #key};
 * commands with one key take effect in the order they were sent.
 *
 * @param id unique among the commands of one (application, generation)
 * @param application who sends, for example {@code controllers} or {@code scheduler}
 * @param generation number of the application's active process; commands of an older generation are
 *     refused once a {@link Verb#BEGIN} of a newer one took effect
 * @param actor user name it acts as, for example {@code
 *     system:serviceaccount:kube-system:replicaset-controller}
 * @param verb what to do
 * @param target to what; null for {@link Verb#BEGIN}; for {@link Verb#BIND} the pods as a whole
 * @param precondition null where there is none
 * @param patchType media type of the patch for {@link Verb#PATCH}, else null
 * @param body the object, the patch, the Binding, the {@link PodBindings}, or the DeleteOptions;
 *     may be null for deletes
 * @param traceparent the step of a trace that it follows from; null if nothing is traced. It is in
 *     the record's header of that name and not in its value
 */
public record Command(
    String id,
    String application,
    long generation,
    String actor,
    Verb verb,
    Target target,
    Precondition precondition,
    String patchType,
    JsonNode body,
    @JsonIgnore String traceparent) {

  /** One that is not traced. */
  public Command(
      String id,
      String application,
      long generation,
      String actor,
      Verb verb,
      Target target,
      Precondition precondition,
      String patchType,
      JsonNode body) {
    this(id, application, generation, actor, verb, target, precondition, patchType, body, null);
  }

  /** The same, as it follows from a step of a trace. */
  public Command tracedBy(String step) {
    return new Command(
        id, application, generation, actor, verb, target, precondition, patchType, body, step);
  }

  /** What a command may ask for. */
  public enum Verb {
    /** The application's generation becomes the command's; older ones are refused from here on. */
    BEGIN,
    CREATE,
    /** Replaces the object, or its status with subresource {@code status}. */
    UPDATE,
    PATCH,
    DELETE,
    /** Binds pods to nodes in one commit; the body is a {@link PodBindings}. */
    BIND
  }

  /**
   * What a command is about, in a client's words.
   *
   * @param group API group; empty for core
   * @param version API version of the body
   * @param plural resource
   * @param subresource {@code status}, {@code binding}, {@code finalize} …, or empty
   * @param namespace empty for resources without namespaces
   * @param name empty only for a create whose body has generateName
   */
  public record Target(
      String group,
      String version,
      String plural,
      String subresource,
      String namespace,
      String name) {}

  /**
   * When the command is to be refused with Conflict.
   *
   * @param uid the object must have this uid; null for any
   * @param resourceVersion the object must be at this revision; null for any
   */
  public record Precondition(String uid, String resourceVersion) {}

  /** The record key: commands about one object share it. */
  public String key() {
    return target == null
        ? application
        : target.plural() + "." + target.group() + "/" + target.namespace() + "/" + target.name();
  }
}
