// Loads earlier versions of Better Auth, each with the packages that it came with:
// names are looked up from this folder.

/** Loads a module of a version, by the path that follows its name. */
export const load = (path, version) => import(`better-auth-${version}${path}`);
