package dev.shiplog.agent.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.agent.config.ConfigSource;
import dev.shiplog.agent.testing.InMemoryCluster;
import dev.shiplog.agent.testing.ManualTimers;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentBuilderTest {

  private final InMemoryCluster cluster = new InMemoryCluster();

  private final Pod pod =
      new PodBuilder()
          .withNewMetadata()
          .withNamespace("shop")
          .withName("web-1")
          .withUid("u1")
          .addToLabels("app", "web")
          .endMetadata()
          .withNewSpec()
          .withNodeName("east")
          .withServiceAccountName("clerk")
          .endSpec()
          .build();

  @Test
  void aValueMaySpeakOfVariablesBeforeIt() {
    Container container =
        container()
            .addNewEnv()
            .withName("A")
            .withValue("1")
            .endEnv()
            .addNewEnv()
            .withName("B")
            .withValue("$(A)-$(LATER)")
            .endEnv()
            .addNewEnv()
            .withName("LATER")
            .withValue("3")
            .endEnv()
            .build();

    assertThat(build(container)).containsEntry("B", "1-$(LATER)");
  }

  @Test
  void envWinsOverEnvFromWhichWinsOverServices() {
    cluster.put(configMap("settings", Map.of("A", "map", "B", "map")));
    Container container =
        container()
            .addNewEnvFrom()
            .withNewConfigMapRef("settings", false)
            .endEnvFrom()
            .addNewEnv()
            .withName("A")
            .withValue("own")
            .endEnv()
            .build();

    assertThat(build(container, Map.of("A", "service", "B", "service", "C", "service")))
        .containsEntry("A", "own")
        .containsEntry("B", "map")
        .containsEntry("C", "service");
  }

  @Test
  void aPrefixGoesBeforeEveryNameOfAConfigMap() {
    cluster.put(configMap("settings", Map.of("A", "1")));
    Container container =
        container()
            .addNewEnvFrom()
            .withPrefix("APP_")
            .withNewConfigMapRef("settings", false)
            .endEnvFrom()
            .build();

    assertThat(build(container)).containsExactly(Map.entry("APP_A", "1"));
  }

  @Test
  void aSecretIsDecoded() {
    cluster.put(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("login")
            .endMetadata()
            .addToData("password", "cMOkc3M=")
            .build());
    Container container =
        container()
            .addNewEnv()
            .withName("P")
            .withNewValueFrom()
            .withNewSecretKeyRef("password", "login", false)
            .endValueFrom()
            .endEnv()
            .build();

    assertThat(build(container)).containsEntry("P", "päss");
  }

  @Test
  void aMissingConfigMapIsNamed() {
    Container container =
        container().addNewEnvFrom().withNewConfigMapRef("settings", false).endEnvFrom().build();

    assertThatThrownBy(() -> build(container))
        .isInstanceOf(PodConfigException.class)
        .hasMessage("configmap \"settings\" not found");
  }

  @Test
  void aMissingKeyIsNamed() {
    cluster.put(configMap("settings", Map.of("A", "1")));
    Container container =
        container()
            .addNewEnv()
            .withName("X")
            .withNewValueFrom()
            .withNewConfigMapKeyRef("x", "settings", false)
            .endValueFrom()
            .endEnv()
            .build();

    assertThatThrownBy(() -> build(container))
        .isInstanceOf(PodConfigException.class)
        .hasMessage("couldn't find key x in ConfigMap shop/settings");
  }

  @Test
  void whatIsOptionalMayBeMissing() {
    Container container =
        container()
            .addNewEnvFrom()
            .withNewSecretRef("nothing", true)
            .endEnvFrom()
            .addNewEnv()
            .withName("X")
            .withNewValueFrom()
            .withNewConfigMapKeyRef("x", "nothing", true)
            .endValueFrom()
            .endEnv()
            .build();

    assertThat(build(container)).isEmpty();
  }

  @Test
  void fieldsOfThePodAreGiven() {
    Container container =
        container()
            .addNewEnv()
            .withName("NAME")
            .withNewValueFrom()
            .withNewFieldRef("v1", "metadata.name")
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName("APP")
            .withNewValueFrom()
            .withNewFieldRef("v1", "metadata.labels['app']")
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName("NODE")
            .withNewValueFrom()
            .withNewFieldRef("v1", "spec.nodeName")
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName("IP")
            .withNewValueFrom()
            .withNewFieldRef("v1", "status.podIP")
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName("HOST")
            .withNewValueFrom()
            .withNewFieldRef("v1", "status.hostIP")
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName("ACCOUNT")
            .withNewValueFrom()
            .withNewFieldRef("v1", "spec.serviceAccountName")
            .endValueFrom()
            .endEnv()
            .build();

    assertThat(build(container))
        .containsEntry("NAME", "web-1")
        .containsEntry("APP", "web")
        .containsEntry("NODE", "east")
        .containsEntry("IP", "10.1.0.7")
        .containsEntry("HOST", "192.0.2.1")
        .containsEntry("ACCOUNT", "clerk");
  }

  @Test
  void resourcesAreGivenInUnitsOfTheDivisorRoundedUp() {
    Container container =
        container()
            .withNewResources()
            .addToLimits("cpu", new Quantity("1500m"))
            .endResources()
            .addNewEnv()
            .withName("CPUS")
            .withNewValueFrom()
            .withNewResourceFieldRef()
            .withResource("limits.cpu")
            .endResourceFieldRef()
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName("MILLIS")
            .withNewValueFrom()
            .withNewResourceFieldRef()
            .withResource("limits.cpu")
            .withDivisor(new Quantity("1m"))
            .endResourceFieldRef()
            .endValueFrom()
            .endEnv()
            .build();

    assertThat(build(container)).containsEntry("CPUS", "2").containsEntry("MILLIS", "1500");
  }

  @Test
  void aLimitThatIsNotSetIsWhatTheNodeCanGive() {
    Container container =
        container()
            .addNewEnv()
            .withName("M")
            .withNewValueFrom()
            .withNewResourceFieldRef()
            .withResource("limits.memory")
            .withDivisor(new Quantity("1Mi"))
            .endResourceFieldRef()
            .endValueFrom()
            .endEnv()
            .build();

    assertThat(build(container)).containsEntry("M", "1024");
  }

  private Map<String, String> build(Container container) {
    return build(container, Map.of());
  }

  private Map<String, String> build(Container container, Map<String, String> services) {
    return new EnvironmentBuilder(
            "shop",
            new ConfigSource(cluster, new ManualTimers(Instant.EPOCH)),
            new PodFields(pod, List.of("192.0.2.1"), List.of("10.1.0.7")),
            new ResourceFields(pod, Map.of("memory", new Quantity("1Gi"))))
        .build(container, services);
  }

  private static ContainerBuilder container() {
    return new ContainerBuilder().withName("main");
  }

  private static ConfigMap configMap(String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .endMetadata()
        .withData(data)
        .build();
  }
}
