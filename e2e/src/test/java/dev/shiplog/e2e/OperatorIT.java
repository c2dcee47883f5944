package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator of java-operator-sdk does its work: informers, finalizers, status, apply. */
@ExtendWith(SimulatedCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorIT {

  private static final String NAMESPACE = "operated";

  private final Kubectl kubectl;
  private final KubernetesClient client;
  private Operator operator;

  OperatorIT(Kubectl kubectl) throws IOException {
    this.kubectl = kubectl;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(kubectl.kubeconfig())))
            .build();
  }

  /** Keeps a ConfigMap per boat, and says in the boat's status what it has done. */
  @ControllerConfiguration
  static final class Shipyard implements Reconciler<Boat>, Cleaner<Boat> {

    @Override
    public UpdateControl<Boat> reconcile(Boat boat, Context<Boat> context) {
      context.getClient().resource(log(boat)).fieldManager("shipyard").serverSideApply();
      Boat.State done = new Boat.State();
      done.masts = boat.getSpec().masts;
      boat.setStatus(done);
      return UpdateControl.patchStatus(boat);
    }

    @Override
    public DeleteControl cleanup(Boat boat, Context<Boat> context) {
      context.getClient().resource(log(boat)).delete();
      return DeleteControl.defaultDelete();
    }

    private static ConfigMap log(Boat boat) {
      return new ConfigMapBuilder()
          .withNewMetadata()
          .withName("log-of-" + boat.getMetadata().getName())
          .withNamespace(boat.getMetadata().getNamespace())
          .endMetadata()
          .withData(Map.of("masts", Integer.toString(boat.getSpec().masts)))
          .build();
    }
  }

  @BeforeAll
  void start() {
    kubectl.ok("create namespace " + NAMESPACE);
    Definitions.define(kubectl, Boat.GROUP, "boat");
    operator = new Operator(settings -> settings.withKubernetesClient(client));
    operator.register(new Shipyard());
    operator.start();
  }

  @AfterAll
  void stop() {
    operator.stop();
    client.close();
    kubectl.run("delete crd boats." + Boat.GROUP + " --timeout=60s");
    kubectl.run("delete namespace " + NAMESPACE);
  }

  @Test
  void itFollowsItsResourcesFromTheirBeginningToTheirEnd() {
    apply("{masts: 2}");
    kubectl.await(in("get configmap log-of-erna -o jsonpath={.data.masts}"), "2");
    kubectl.await(in("get boat erna -o jsonpath={.status.masts}"), "2");
    assertThat(kubectl.ok(in("get boat erna -o jsonpath={.metadata.finalizers}")))
        .contains("operator.example.com/finalizer");

    apply("{masts: 3}");
    kubectl.await(in("get configmap log-of-erna -o jsonpath={.data.masts}"), "3");
    kubectl.await(in("get boat erna -o jsonpath={.status.masts}"), "3");

    kubectl.ok(in("delete boat erna --timeout=60s"));
    assertThat(kubectl.ok(in("get configmaps -o name"))).doesNotContain("log-of-erna");
  }

  private void apply(String spec) {
    kubectl
        .run(
            List.of("-n", NAMESPACE, "apply", "-f", "-"),
            Definitions.ship(Boat.GROUP, "erna", spec).replace("Ship", "Boat"))
        .succeeded();
  }

  private static String in(String arguments) {
    return "-n " + NAMESPACE + " " + arguments;
  }
}
