package dev.shiplog.bench.nodes;

/** What is made to have pods. */
final class Objects {

  private Objects() {}

  static String namespace(String name) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
        .formatted(name);
  }

  /** Its pods ask for so little that a node has room for as many as it may have. */
  static String deployment(String name, int replicas) {
    return """
    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%1$s"},"spec":{
    "replicas":%2$d,"selector":{"matchLabels":{"app":"%1$s"}},"template":{
    "metadata":{"labels":{"app":"%1$s"}},"spec":{
    "containers":[{"name":"main","image":"image:1",
    "resources":{"requests":{"cpu":"1m","memory":"1Mi"}}}]}}}}
    """
        .formatted(name, replicas);
  }
}
