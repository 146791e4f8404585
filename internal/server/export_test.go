package server

import "time"

// RequestDeadline is how long a server works on one request.
func RequestDeadline(s *Server) time.Duration { return s.public.(*outer).deadline }
