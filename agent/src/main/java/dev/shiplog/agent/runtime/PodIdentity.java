package dev.shiplog.agent.runtime;

/** Which pod something belongs to; the uid alone decides, the names are for people. */
public record PodIdentity(String uid, String namespace, String name) {

  @Override
  public String toString() {
    return namespace + "/" + name + " (" + uid + ")";
  }
}
