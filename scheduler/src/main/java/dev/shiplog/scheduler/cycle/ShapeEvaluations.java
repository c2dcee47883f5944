package dev.shiplog.scheduler.cycle;

import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.model.Cluster;
import dev.shiplog.scheduler.model.PodShape;
import java.util.LinkedHashMap;
import java.util.Map;

/** The evaluations of the shapes seen last, up to date when they are handed out. */
final class ShapeEvaluations {

  /** At 5,000 nodes one takes about 100 KB. */
  private static final int MOST_KEPT = 500;

  private final Profile profile;
  private final Cluster cluster;
  private final Map<PodShape, ShapeEvaluation> byShape =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PodShape, ShapeEvaluation> eldest) {
          return size() > MOST_KEPT;
        }
      };

  ShapeEvaluations(Profile profile, Cluster cluster) {
    this.profile = profile;
    this.cluster = cluster;
  }

  ShapeEvaluation of(PodShape shape) {
    ShapeEvaluation evaluation =
        byShape.computeIfAbsent(shape, s -> new ShapeEvaluation(profile, s, cluster));
    evaluation.refresh();
    return evaluation;
  }

  /** For asking about single nodes only; not up to date, and kept only if it was before. */
  ShapeEvaluation filtersOf(PodShape shape) {
    ShapeEvaluation known = byShape.get(shape);
    return known != null ? known : new ShapeEvaluation(profile, shape, cluster);
  }
}
