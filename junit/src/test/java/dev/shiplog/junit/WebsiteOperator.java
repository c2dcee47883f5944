package dev.shiplog.junit;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;

/** A small operator as somebody may have it: a Deployment for every Website. */
@ControllerConfiguration
final class WebsiteOperator implements Reconciler<Website> {

  @Override
  public List<EventSource<?, Website>> prepareEventSources(EventSourceContext<Website> context) {
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Deployment.class, Website.class).build(),
            context));
  }

  @Override
  public UpdateControl<Website> reconcile(Website website, Context<Website> context) {
    context.getClient().resource(deployment(website)).fieldManager("websites").serverSideApply();
    Website.State state = new Website.State();
    state.available =
        context
            .getSecondaryResource(Deployment.class)
            .map(Deployment::getStatus)
            .flatMap(status -> Optional.ofNullable(status.getAvailableReplicas()))
            .orElse(0);
    website.setStatus(state);
    return UpdateControl.patchStatus(website);
  }

  private static Deployment deployment(Website website) {
    return new DeploymentBuilder(
            ShiplogTestTest.deployment(website.getMetadata().getName(), website.getSpec().servers))
        .editMetadata()
        .withNamespace(website.getMetadata().getNamespace())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(website.getApiVersion())
                .withKind(website.getKind())
                .withName(website.getMetadata().getName())
                .withUid(website.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withStatus((DeploymentStatus) null)
        .build();
  }
}
