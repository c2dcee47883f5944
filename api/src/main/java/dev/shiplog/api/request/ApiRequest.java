package dev.shiplog.api.request;

import dev.shiplog.api.store.ReadAt;

/** What a client asks for, however it came here. */
public sealed interface ApiRequest {

  Target target();

  Caller caller();

  /** The verb as authorization and audit name it. */
  String verb();

  /** One object, or one of its subresources. */
  record Get(Target target, Caller caller, ReadAt at) implements ApiRequest {
    @Override
    public String verb() {
      return "get";
    }
  }

  /** Objects of a resource, page by page. */
  record List(Target target, Caller caller, Selection selection, ListOptions options)
      implements ApiRequest {
    @Override
    public String verb() {
      return "list";
    }
  }

  /** Changes of a resource from now, or a revision, on. */
  record Watch(Target target, Caller caller, Selection selection, WatchOptions options)
      implements ApiRequest {
    @Override
    public String verb() {
      return "watch";
    }
  }

  /** A new object, or a subresource that is created, such as a binding. */
  record Create(Target target, Caller caller, Body body, WriteOptions options)
      implements ApiRequest {
    @Override
    public String verb() {
      return "create";
    }
  }

  /** A new content for an object or subresource. */
  record Update(Target target, Caller caller, Body body, WriteOptions options)
      implements ApiRequest {
    @Override
    public String verb() {
      return "update";
    }
  }

  /** A change to an object or subresource, said as a difference. */
  record Patch(
      Target target, Caller caller, dev.shiplog.api.patch.Patch patch, WriteOptions options)
      implements ApiRequest {
    @Override
    public String verb() {
      return "patch";
    }
  }

  /**
   * A manager's whole opinion about an object, which is made if it is not there.
   *
   * @param force take what others own and want otherwise
   */
  record Apply(Target target, Caller caller, Body body, WriteOptions options, boolean force)
      implements ApiRequest {
    @Override
    public String verb() {
      return "patch";
    }
  }

  /** The end of an object. */
  record Delete(Target target, Caller caller, DeleteOptions options) implements ApiRequest {
    @Override
    public String verb() {
      return "delete";
    }
  }

  /** The end of all objects that are selected. */
  record DeleteCollection(
      Target target, Caller caller, Selection selection, ListOptions list, DeleteOptions options)
      implements ApiRequest {
    @Override
    public String verb() {
      return "deletecollection";
    }
  }
}
