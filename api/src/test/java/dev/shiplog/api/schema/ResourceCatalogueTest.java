package dev.shiplog.api.schema;

import static dev.shiplog.api.schema.SchemaFixtures.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.topics.catalogue.StorageResource;
import org.junit.jupiter.api.Test;

class ResourceCatalogueTest {

  private final ResourceCatalogue catalogue = ResourceCatalogue.builtIn();

  @Test
  void aResourceIsFoundByItsPath() {
    ResourceType deployments = catalogue.find("apps", "v1", "deployments").orElseThrow();

    assertThat(deployments.kind()).isEqualTo("Deployment");
    assertThat(deployments.namespaced()).isTrue();
    assertThat(deployments.shortNames()).containsExactly("deploy");
    assertThat(deployments.categories()).containsExactly("all");
    assertThat(deployments.subresources()).containsOnlyKeys("scale", "status");
    assertThat(deployments.subresources().get("scale").groupVersion())
        .isEqualTo(new GroupVersion("autoscaling", "v1"));
    assertThat(deployments.storage()).contains(StorageResource.of("deployments", "apps"));
  }

  @Test
  void aResourceIsFoundByItsKind() {
    assertThat(catalogue.findByKind("v1", "Pod")).contains(resource("v1/pods"));
    assertThat(catalogue.findByKind("apps/v1", "Pod")).isEmpty();
  }

  @Test
  void versionsSwitchedOffByDefaultAreNotServed() {
    assertThat(catalogue.find("storage.k8s.io", "v1beta1", "volumeattributesclasses")).isEmpty();
    assertThat(catalogue.group("internal.apiserver.k8s.io")).isEmpty();
  }

  @Test
  void bothEventApisShareOneStore() {
    ResourceType events = resource("events.k8s.io/v1/events");

    assertThat(events.storage()).isEqualTo(resource("v1/events").storage());
    assertThat(catalogue.storedForm(events)).isEqualTo(resource("v1/events"));
  }

  @Test
  void bothVersionsOfAnAutoscalerShareOneStore() {
    ResourceType old = resource("autoscaling/v1/horizontalpodautoscalers");

    assertThat(old.servedAsStored()).isFalse();
    assertThat(catalogue.storedForm(old))
        .isEqualTo(resource("autoscaling/v2/horizontalpodautoscalers"));
    assertThat(catalogue.group("autoscaling").orElseThrow().versions()).containsExactly("v2", "v1");
  }

  @Test
  void reviewsAreServedButNotStored() {
    assertThat(resource("authentication.k8s.io/v1/tokenreviews").storage()).isEmpty();
  }

  @Test
  void theCoreGroupComesFirst() {
    assertThat(catalogue.groups().getFirst().name()).isEmpty();
    assertThat(catalogue.all()).hasSizeGreaterThan(60);
  }
}
