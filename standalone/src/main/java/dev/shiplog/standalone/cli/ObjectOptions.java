package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.client.ClusterApi;
import dev.shiplog.standalone.client.Kinds;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which object of a cluster is meant. */
final class ObjectOptions {

  @Parameters(paramLabel = "KIND/NAME", description = "For example deployment/web.")
  private String object;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Where the object is. Default: what the kubeconfig says")
  private String namespace;

  ObjectName in(ClusterApi api) {
    return ObjectName.parse(
        object, namespace == null ? api.namespace() : namespace, new Kinds(api));
  }
}
