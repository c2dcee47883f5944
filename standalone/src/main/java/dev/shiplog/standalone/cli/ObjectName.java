package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.client.Kinds;

/** An object as a person names it: KIND/NAME, in a namespace. */
record ObjectName(Kinds.Kind kind, String namespace, String name) {

  static ObjectName parse(String text, String namespace, Kinds kinds) {
    int slash = text.indexOf('/');
    if (slash <= 0 || slash == text.length() - 1) {
      throw new StartFailure("\"" + text + "\" is not KIND/NAME, as in deployment/web");
    }
    Kinds.Kind kind = kinds.named(text.substring(0, slash));
    return new ObjectName(kind, kind.namespaced() ? namespace : "", text.substring(slash + 1));
  }

  String path() {
    return kind.path(namespace, name);
  }

  /** Where its changes are listed. */
  String changes() {
    return "/apis/shiplog.dev/v1"
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/changes";
  }

  @Override
  public String toString() {
    return kind.singular() + "/" + name;
  }
}
