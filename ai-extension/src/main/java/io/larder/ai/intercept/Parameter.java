package io.larder.ai.intercept;

/** A parameter of a method, what it is to a request, and the name of the option if it is one. */
record Parameter(int index, Part part, String name) {}
