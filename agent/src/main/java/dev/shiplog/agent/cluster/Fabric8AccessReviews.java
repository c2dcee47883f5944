package dev.shiplog.agent.cluster;

import dev.shiplog.agent.cluster.Fabric8StorageClient.Caller;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The part of {@link Fabric8ClusterClient} that is about those who ask this node. */
final class Fabric8AccessReviews implements AccessReviews {

  private final Supplier<KubernetesClient> clients;
  private final Caller caller;

  Fabric8AccessReviews(Supplier<KubernetesClient> clients, Caller caller) {
    this.clients = clients;
    this.caller = caller;
  }

  @Override
  public Optional<User> userOf(String token) {
    TokenReview asked = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    TokenReview review = caller.call(() -> clients.get().tokenReviews().create(asked));
    var status = review.getStatus();
    if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
      return Optional.empty();
    }
    var user = status.getUser();
    return Optional.of(
        new User(
            user.getUsername(),
            user.getUid() == null ? "" : user.getUid(),
            user.getGroups(),
            user.getExtra() == null ? Map.of() : user.getExtra()));
  }

  @Override
  public boolean mayAsk(User user, String verb, String node, String subresource) {
    SubjectAccessReview asked =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.name())
            .withUid(user.uid())
            .withGroups(user.groups())
            .withExtra(user.extra())
            .withNewResourceAttributes()
            .withVersion("v1")
            .withResource("nodes")
            .withSubresource(subresource)
            .withVerb(verb)
            .withName(node)
            .endResourceAttributes()
            .endSpec()
            .build();
    SubjectAccessReview review =
        caller.call(() -> clients.get().authorization().v1().subjectAccessReview().create(asked));
    return review.getStatus() != null && Boolean.TRUE.equals(review.getStatus().getAllowed());
  }
}
