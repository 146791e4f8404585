import { authenticate } from "@/lib/bearer";

type Context = { params: Promise<{ id: string }> };

/** The user of the token, and nobody else. Only the token says who asks: cookies count for nothing here. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const user = await authenticate(request);
  if (user instanceof Response) return user;
  const { id } = await params;
  if (id !== user.id) return Response.json({ detail: "This is somebody else's." }, { status: 403 });
  return Response.json(user, { headers: { "Cache-Control": "no-store" } });
}
