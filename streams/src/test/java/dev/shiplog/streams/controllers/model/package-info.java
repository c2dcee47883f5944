/** Controllers against what is promised of them, in worlds where much goes wrong. */
package dev.shiplog.streams.controllers.model;
