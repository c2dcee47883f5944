package dev.shiplog.api.verbs;

import dev.shiplog.api.request.Continuation;
import dev.shiplog.api.request.ListOptions;
import dev.shiplog.api.request.Selection;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.selector.FieldSelector;
import dev.shiplog.api.selector.LabelRequirement;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.Snapshot.Indexes;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Picks the objects of one page out of a snapshot, through an index where one narrows the search.
 */
final class Pages {

  private static final Comparator<StoredObject> BY_KEY =
      Comparator.comparing(object -> object.key().text());

  private Pages() {}

  static Answer.Listing page(
      Target target, Selection selection, ListOptions options, Snapshot state) {
    Optional<Continuation> from = options.continuation();
    Iterator<StoredObject> candidates =
        candidates(target, selection, state, from.map(Continuation::afterKey).orElse(""));
    List<StoredObject> found = new ArrayList<>(options.limit() > 0 ? options.limit() : 64);
    while (candidates.hasNext() && (options.limit() == 0 || found.size() < options.limit())) {
      StoredObject object = candidates.next();
      if (selection.matches(object)) {
        found.add(object);
      }
    }
    Optional<Continuation> next = next(found, candidates, selection, from, state);
    return new Answer.Listing(
        target.type(),
        found,
        state.revision(),
        next,
        next.isPresent() && selection.isEverything()
            ? remaining(target, state, next.get())
            : OptionalLong.empty());
  }

  /** There is a next page only if something on it matches. */
  private static Optional<Continuation> next(
      List<StoredObject> found,
      Iterator<StoredObject> rest,
      Selection selection,
      Optional<Continuation> from,
      Snapshot state) {
    while (rest.hasNext()) {
      if (selection.matches(rest.next())) {
        int shown = from.map(Continuation::shown).orElse(0) + found.size();
        return Optional.of(new Continuation(state.revision(), found.getLast().key().text(), shown));
      }
    }
    return Optional.empty();
  }

  private static OptionalLong remaining(Target target, Snapshot state, Continuation next) {
    return OptionalLong.of(
        Math.max(1L, (long) state.count(target.storage(), target.namespace()) - next.shown()));
  }

  private static Iterator<StoredObject> candidates(
      Target target, Selection selection, Snapshot state, String afterKey) {
    Optional<String> name = exactName(target, selection);
    if (name.isPresent() && (!target.type().namespaced() || !target.namespace().isEmpty())) {
      ObjectKey key = target.named(name.get()).key();
      return state.get(key).filter(found -> isAfter(found, afterKey)).stream().iterator();
    }
    StorageResource resource = target.storage();
    Collection<StoredObject> narrowed = narrowest(resource, selection, state);
    if (narrowed == null || narrowed.size() > state.count(resource, target.namespace())) {
      return state.list(resource, target.namespace(), afterKey);
    }
    return narrowed.stream()
        .filter(object ->
            (target.namespace().isEmpty() || target.namespace().equals(object.key().namespace()))
                && isAfter(object, afterKey))
        .sorted(BY_KEY)
        .iterator();
  }

  private static boolean isAfter(StoredObject object, String key) {
    return key.isEmpty() || object.key().text().compareTo(key) > 0;
  }

  /** The name, if the target or the selection allows only one. */
  private static Optional<String> exactName(Target target, Selection selection) {
    if (!target.name().isEmpty()) {
      return Optional.of(target.name());
    }
    return selection.fields().terms().stream()
        .filter(term -> term.equal() && term.path().equals("metadata.name"))
        .map(FieldSelector.Term::value)
        .findFirst();
  }

  /** What the most selective index holds; null if no index helps. */
  private static Collection<StoredObject> narrowest(
      StorageResource resource, Selection selection, Snapshot state) {
    Collection<StoredObject> best = null;
    for (LabelRequirement label : selection.labels().requirements()) {
      if (label.operator() == LabelRequirement.Operator.IN && label.values().size() == 1) {
        String value = label.key() + "=" + label.values().iterator().next();
        best = smaller(best, state.byIndex(resource, Indexes.LABEL, value));
      }
    }
    // Fields of custom resources are in no index: their definitions may offer others any time.
    boolean indexed = resource.uid().isEmpty();
    for (FieldSelector.Term term : selection.fields().terms()) {
      boolean helps = indexed && term.equal() && Indexes.hasField(term.path(), term.value());
      if (helps && !term.path().startsWith("metadata.")) {
        String value = term.path() + "=" + term.value();
        best = smaller(best, state.byIndex(resource, Indexes.FIELD, value));
      }
    }
    return best;
  }

  private static Collection<StoredObject> smaller(
      Collection<StoredObject> one, Collection<StoredObject> other) {
    return one == null || other.size() < one.size() ? other : one;
  }
}
