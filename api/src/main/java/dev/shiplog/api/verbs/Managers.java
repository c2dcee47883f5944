package dev.shiplog.api.verbs;

import dev.shiplog.api.ownership.Manager;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.request.Target;
import dev.shiplog.api.request.WriteOptions;

/** Under which name a request owns the fields it writes. */
final class Managers {

  private Managers() {}

  static Manager writing(Target target, Caller caller, WriteOptions options) {
    return Manager.updating(
        options.fieldManager(),
        caller.userAgent(),
        target.type().storageVersion().apiVersion(),
        target.subresource());
  }

  static Manager applying(Target target, WriteOptions options) {
    return Manager.applying(
        options.fieldManager(), target.type().storageVersion().apiVersion(), target.subresource());
  }
}
