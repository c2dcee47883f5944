package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.client.ClusterApi;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster is asked, and as whom: what a kubeconfig says, as for kubectl. */
final class KubeOptions {

  @Option(
      names = "--kubeconfig",
      paramLabel = "PATH",
      description = {
        "Says where the cluster is and who asks.",
        "Default: $KUBECONFIG, else the one in the data directory, else ~/.kube/config"
      })
  private Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Its context to use. Default: the current one")
  private String context;

  @Mixin private DataDirectoryOption data;

  ClusterApi api() {
    return ClusterApi.of(file(), Optional.ofNullable(context));
  }

  private Path file() {
    if (kubeconfig != null) {
      return kubeconfig;
    }
    String variable = System.getenv("KUBECONFIG");
    if (variable != null && !variable.isBlank()) {
      return Path.of(variable.split(File.pathSeparator, 2)[0]);
    }
    Path own = data.directory().path().resolve("kubeconfig");
    return Files.exists(own) ? own : Path.of(System.getProperty("user.home"), ".kube", "config");
  }
}
