package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.CertificatesRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes what parts that run apart show each other. */
@Command(
    name = "certificates",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make the keys and certificates of a cluster whose parts run apart ('run'): the authority",
      "(ca), the key of ServiceAccount tokens (sa.key), what API servers show clients",
      "(apiserver), each other (apiserver-peer) and nodes (apiserver-kubelet-client), and",
      "kubeconfigs of the administrator and of the controllers. What is good is kept."
    })
final class CertificatesCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "Where they go.")
  private Path directory;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "A name or address of API servers, *.name for many. May be repeated.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "https://127.0.0.1:6443",
      description = "What the kubeconfigs name. Default: ${DEFAULT-VALUE}")
  private String server;

  @Option(
      names = "--secret",
      paramLabel = "NAMESPACE/NAME",
      description = {
        "Keep them in this Secret of the cluster this runs on as a pod. If it is there already,",
        "nothing is made."
      })
  private String secret;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CertificatesRun run = new CertificatesRun(directory.toAbsolutePath(), hosts, server);
    if (secret == null) {
      run.write();
      say("The certificates are in " + directory + ".");
      return 0;
    }
    String[] names = secret.split("/", -1);
    if (names.length != 2) {
      throw new ParameterException(
          spec.commandLine(), "--secret must be NAMESPACE/NAME, not " + secret);
    }
    say(
        run.keepIn(names[0], names[1])
            ? "The certificates are in the Secret " + secret + "."
            : "The Secret " + secret + " is there already, and was left alone.");
    return 0;
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
