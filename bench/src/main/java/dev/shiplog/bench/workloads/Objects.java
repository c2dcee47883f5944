package dev.shiplog.bench.workloads;

/** The objects that are worked with. */
final class Objects {

  private static final String POD =
      "{\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"image:1\"}]}}";

  private Objects() {}

  static String namespace(String name) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\""
        + name
        + "\"}}";
  }

  static String deployment(String name, int replicas) {
    return """
    {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%1$s"},"spec":{
    "replicas":%2$d,"selector":{"matchLabels":{"app":"%1$s"}},"template":{
    "metadata":{"labels":{"app":"%1$s"}},"spec":{
    "containers":[{"name":"main","image":"image:1"}]}}}}
    """
        .formatted(name, replicas);
  }

  /** Its pods run for a tenth of a second. */
  static String job(String name, int pods) {
    return """
    {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"%1$s"},"spec":{
    "completions":%2$d,"parallelism":%2$d,"template":{
    "metadata":{"annotations":{"simulated.shiplog.dev/run-time":"100ms"}},"spec":{
    "restartPolicy":"Never","containers":[{"name":"main","image":"image:1"}]}}}}
    """
        .formatted(name, pods);
  }

  /** Of a kind that needs nothing but a name, or a PodTemplate. */
  static String simple(String kind, String name) {
    String content = kind.equals("PodTemplate") ? ",\"template\":" + POD : "";
    return "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"}%s}"
        .formatted(kind, name, content);
  }
}
