package dev.shiplog.topics.catalogue;

import java.util.Objects;

/**
 * What a store topic and a journal change are named by: the resource as it is stored, whatever API
 * group or version a client used to reach it (events.k8s.io/v1 and v1 events share one).
 *
 * @param plural lower-case plural, for example {@code deployments}
 * @param group API group the resource is stored under; empty for the core group
 * @param uid uid of the CustomResourceDefinition that declares it; empty for built-in resources. A
 *     CRD that is deleted and made again starts with an empty store topic of its own.
 */
public record StorageResource(String plural, String group, String uid)
    implements Comparable<StorageResource> {

  public StorageResource {
    Objects.requireNonNull(group);
    Objects.requireNonNull(uid);
    if (plural.isEmpty() || plural.indexOf('.') >= 0) {
      throw new IllegalArgumentException("not a plural resource name: '" + plural + "'");
    }
  }

  /** A resource that is built in. */
  public static StorageResource of(String plural, String group) {
    return new StorageResource(plural, group, "");
  }

  /**
   * The inverse of {@link #name}.
   *
   * @throws IllegalArgumentException if the text is no such name
   */
  public static StorageResource parse(String name) {
    int at = name.indexOf('@');
    String uid = at < 0 ? "" : name.substring(at + 1);
    String qualified = at < 0 ? name : name.substring(0, at);
    int dot = qualified.indexOf('.');
    return dot < 0
        ? new StorageResource(qualified, "", uid)
        : new StorageResource(qualified.substring(0, dot), qualified.substring(dot + 1), uid);
  }

  /** {@code plural}, {@code plural.group} or {@code plural.group@uid}; unique and parseable. */
  public String name() {
    String qualified = qualifiedName();
    return uid.isEmpty() ? qualified : qualified + "@" + uid;
  }

  /** {@code plural} or {@code plural.group}, as Kubernetes' messages name a resource. */
  public String qualifiedName() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  @Override
  public int compareTo(StorageResource other) {
    int byPlural = plural.compareTo(other.plural);
    int byGroup = byPlural != 0 ? byPlural : group.compareTo(other.group);
    return byGroup != 0 ? byGroup : uid.compareTo(other.uid);
  }

  @Override
  public String toString() {
    return name();
  }
}
